"""What is told of a run: on the terminal, as JSON, as JUnit's XML, and as one page of HTML."""

"""Testing with scenarios: which files are run, in which processes, and what is told of it.

`tandem test` and the pytest plugin both use it. How one play is performed is the stage's business.
"""

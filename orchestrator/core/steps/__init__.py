"""What the rows of `rules.py` name: guards (Step -> bool) and actions (Step -> None).

Actions append effects and replace the step's session; they never move a machine but through orders.
"""

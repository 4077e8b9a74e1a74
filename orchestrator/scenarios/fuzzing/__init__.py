"""Random callers: people, bot, network and time at random, until something that always holds does not.

What is drawn can be shrunk: Hypothesis looks for a shorter play that breaks the same, and that is written as a scenario.
Needs Hypothesis, which `pip install "tandem-orchestrator[fuzz]"` brings.
"""

from orchestrator.scenarios.fuzzing.search import Found, search

__all__ = ["Found", "search"]

"""The stage: performs a play on the real service in virtual time.

    from orchestrator.scenarios.stage import Configuration, run

    outcome = run(play)                                     # the built-in configuration, the play answers
    outcome = run(play, Configuration(text, "tandem.yaml", os.environ))
    outcome = run(play, configuration, live="support")      # that assistant answers; `bot` lines only check
    outcome = run(play, house=House("redis://localhost:6379/15", workers=2))  # on a real Redis
    outcome = run(play, configuration, recording=answers)   # these answers, in order; `bot` lines only check

Nothing is raised for a play that fails, whatever the reason: `Outcome` says it. A run makes an event loop of
its own and shares nothing with others; it must not be called from inside a running loop.
"""

from orchestrator.scenarios.stage.configuration import Configuration
from orchestrator.scenarios.stage.outcome import Coverage, Failure, Happening, Outcome, Transition
from orchestrator.scenarios.stage.run import House, run

__all__ = ["Configuration", "Coverage", "Failure", "Happening", "House", "Outcome", "Transition", "run"]

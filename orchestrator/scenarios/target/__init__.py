"""Plays against a service that runs: signed webhooks over the network, the carrier's side played here, in real time.

    outcome = run(play, configuration, Target("https://voice.example.com"))

The configuration is the one that the service runs with; its `base_url` must lead here. The service's own assistant answers, and the lines of
`bot` check it; or, with `plays_bot`, they answer at the address of its backend. What a play needs and a
service does not let anybody do from outside, such as losing its store, skips the play, with the reason.
"""

from orchestrator.scenarios.target.run import run
from orchestrator.scenarios.target.settings import Target, UnfitError, fit

__all__ = ["Target", "UnfitError", "fit", "run"]

"""`tandem call` and `tandem text`: being a customer from a terminal, with the phones of the built-in carrier.

Two threads: the first reads lines and acts (`talk.py`), the second follows what happens to the phone and
prints it (`feed.py`). Both speak to the service over HTTP (`phone.py`).
"""

from orchestrator.cli.terminal.verbs import register

__all__ = ["register"]

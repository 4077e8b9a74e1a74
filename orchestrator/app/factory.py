"""The application as a server's worker process makes it: from the configuration that the environment names.

`tandem serve --workers N` starts each worker with this; so does any ASGI server that takes a factory.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette

from config import load
from orchestrator.app import Service, build_app, logs
from orchestrator.app.examining import doctor_of
from orchestrator.app.past import Past

CONFIG_VARIABLE = "TANDEM_CONFIG"
"""Where the configuration file is, for processes that are not given it as an argument."""

PastOf = Callable[[Path], Past]
"""What the console does with sessions that happened, where this configuration is served."""


def create(past_of: PastOf | None = None) -> Starlette:
    """The ASGI application of one process."""
    return open_service(Path(os.environ.get(CONFIG_VARIABLE, "tandem.yaml")), past_of).app


def open_service(file: Path, past_of: PastOf | None = None) -> Service:
    """A wired service with its logs set up. Raises `config.ConfigError`."""
    settings = load(file, os.environ)
    logs.configure(log_content=settings.service.log_content)
    return build_app(
        settings,
        folder=file.resolve().parent,
        examine=doctor_of(file.resolve()),
        past=past_of(file) if past_of else None,
    )

"""The application as a server's worker process makes it: from the configuration that the environment names.

`tandem serve --workers N` starts each worker with this; so does any ASGI server that takes a factory.
"""

from __future__ import annotations

import os
from pathlib import Path

from starlette.applications import Starlette

from config import load
from orchestrator.app import Service, build_app, logs
from orchestrator.app.examining import doctor_of
from orchestrator.app.past import Writing

CONFIG_VARIABLE = "TANDEM_CONFIG"
"""Where the configuration file is, for processes that are not given it as an argument."""


def create(writing: Writing | None = None) -> Starlette:
    """The ASGI application of one process."""
    return open_service(Path(os.environ.get(CONFIG_VARIABLE, "tandem.yaml")), writing).app


def open_service(file: Path, writing: Writing | None = None) -> Service:
    """A wired service with its logs set up. Raises `config.ConfigError`."""
    settings = load(file, os.environ)
    logs.configure(log_content=settings.service.log_content)
    return build_app(
        settings, folder=file.resolve().parent, examine=doctor_of(file.resolve()), writing=writing
    )

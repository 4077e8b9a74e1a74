"""The page of the HTTP interface and the routes of the service are the same list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.routing import Route, WebSocketRoute

import config
from config.sample import sample
from orchestrator.app import SIMULATOR_PATH, build_app
from tests.docs.blocks import ROOT

PAGE = ROOT / "docs" / "reference" / "http.md"
ADDRESS = re.compile(r"`(?:GET|POST|PUT|DELETE|WS)(?:`, `(?:GET|PUT|DELETE))* (/[^?`]*)")


@pytest.fixture
def served(tmp_path: Path) -> set[str]:
    """The paths that the service serves; the simulator's are the carrier's own, and one that is there only
    to say that it is none is left out.
    """
    settings = config.parse(sample("simulator.yaml"), environ={"TANDEM_API_TOKEN": "token"})
    routes = build_app(settings, folder=tmp_path).app.routes
    told = [route for route in routes if getattr(route, "include_in_schema", True)]
    paths = {route.path for route in told if isinstance(route, Route | WebSocketRoute)}
    return {path for path in paths if not path.startswith(SIMULATOR_PATH)}


def test_every_address_is_on_the_page(served: set[str]) -> None:
    """Each path that the service serves is on the page, and each path on the page is served."""
    written = set(ADDRESS.findall(PAGE.read_text(encoding="utf-8")))
    assert written == served

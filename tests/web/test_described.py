"""`/openapi.json` of a whole service: OpenAPI's own rules, all routes, and examples that are what they show."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import jsonschema
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from starlette.applications import Starlette
from starlette.routing import Route

import config
from config.sample import sample
from orchestrator.app import build_app
from tests.web.contract import Contract
from tests.web.test_conformance import NOBODY

pytestmark = pytest.mark.anyio

OPERATIONS = """
act describe drop_dead_letter erase_customer export_customer get_backlog get_dead_letter get_media
get_metrics get_opt_out get_session import_opt_outs is_alive is_ready list_dead_letters list_events
list_opt_outs list_records list_refusals list_sessions open_call open_message opt_in opt_out
retry_dead_letter sms sms_fallback sms_status stream_events voice voice_fallback voice_partial
voice_relay_action voice_resume voice_status voice_transfer voice_turn voice_whisper
"""
"""Clients are generated from these names: one that changes breaks them."""


@pytest.fixture(scope="module")
def app() -> Starlette:
    """A service whose public address has a path."""
    settings = config.parse(
        sample("simulator.yaml"),
        environ={"TANDEM_API_TOKEN": "token", "TANDEM_SERVICE__PUBLIC_URL": "https://example.com/tandem/"},
    )
    return build_app(settings).app


@pytest.fixture
async def document(app: Starlette) -> dict[str, Any]:
    """Its description, as it is served."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as client:
        told: dict[str, Any] = (await client.get("/openapi.json")).json()
    return told


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and description of each."""
    for path, item in document["paths"].items():
        for method, told in item.items():
            yield path, method, told


async def test_it_is_openapi_by_another_judge(document: dict[str, Any]) -> None:
    """A validator of others finds nothing wrong with it."""
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


async def test_every_route_is_in_it_and_nothing_else(app: Starlette, document: dict[str, Any]) -> None:
    """What the carrier, operators and programs call, by path and method; the console's and the simulator's own
    addresses, and sockets, are left out.
    """
    routes = [route for route in app.routes if isinstance(route, Route) and route.include_in_schema]
    routes = [route for route in routes if route.path != "/"]  # leads people to the console
    assert {path for path, *_ in operations(document)} == {route.path for route in routes}
    for route in routes:
        if route.methods is not None:
            told = {method.upper() for method in document["paths"][route.path]}
            assert told == route.methods - {"HEAD"}, route.path


async def test_no_address_takes_a_method_that_is_not_told_of(
    app: Starlette, document: dict[str, Any]
) -> None:
    """Any other method is a 405 whose `Allow` is what the description tells, and HEAD beside GET."""
    headers = {"Authorization": "Bearer token"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://x", headers=headers
    ) as client:
        for path, item in document["paths"].items():
            told = {method.upper() for method in item} | ({"HEAD"} if "get" in item else set())
            answer = await client.request("PATCH", path.format(id="x", number=NOBODY))
            assert answer.status_code == 405
            assert set(answer.headers["allow"].split(", ")) == told, path


async def test_its_names_stay(document: dict[str, Any]) -> None:
    """Each operation has the name that it always had, and no other has it."""
    assert sorted(told["operationId"] for *_, told in operations(document)) == sorted(OPERATIONS.split())


async def test_it_tells_who_may_ask(document: dict[str, Any]) -> None:
    """Either token looks, the full one acts, the carrier signs, and nobody needs anything for the rest."""
    for path, method, told in operations(document):
        asked = [next(iter(way)) for way in told["security"]]
        if path.startswith("/twilio"):
            assert asked == ["carrierSignature"]
        elif path.startswith("/api/"):
            assert asked == (["fullToken", "readToken"] if method == "get" else ["fullToken"])
        else:
            assert asked == []
    assert document["components"]["securitySchemes"].keys() == {"fullToken", "readToken", "carrierSignature"}
    assert document["servers"] == [{"url": "/tandem"}]


def shown(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Where each example stands, the schema beside it, and its value."""
    for path, method, told in operations(document):
        places = [("body", told.get("requestBody", {}).get("content", {}))]
        places += [(status, answer.get("content", {})) for status, answer in told["responses"].items()]
        for place, content in places:
            for kind, media in content.items():
                values = [entry["value"] for entry in media.get("examples", {}).values()]
                for value in [*values, *([media["example"]] if "example" in media else [])]:
                    yield f"{method} {path} {place} {kind}", media["schema"], value


async def test_its_examples_are_what_they_show(document: dict[str, Any]) -> None:
    """Each satisfies its schema with no field besides; every JSON body, answer and refusal of the API has one."""
    judge = Contract(document)
    found = list(shown(document))
    for place, schema, value in found:
        whole = {**schema, "components": judge.closed["components"]}
        errors = [error.message for error in jsonschema.Draft202012Validator(whole).iter_errors(value)]
        assert not errors, place
    with_one = {place for place, *_ in found}
    for method, path, told in judge.operations():
        for status, answer in told["responses"].items():
            for kind in answer.get("content", {}):
                if kind.endswith("json") and path != "/openapi.json":
                    assert f"{method.lower()} {path} {status} {kind}" in with_one
        if "requestBody" in told:
            assert f"{method.lower()} {path} body application/json" in with_one


async def test_it_is_small_enough_to_read(document: dict[str, Any]) -> None:
    """Tools load it often: it stays below 200 kB."""
    assert len(json.dumps(document)) < 200_000

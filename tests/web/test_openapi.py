"""`/openapi.json` describes what is served, takes what is taken, and gives what is given."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from starlette.routing import Route

from orchestrator.ports import Forbidden
from tests.web.house import ANA, BEN, OURS, Api
from tests.web.test_acting import ITEMS

pytestmark = pytest.mark.anyio


async def described(api: Api) -> dict[str, Any]:
    """The description, which needs no token."""
    answer = await api.client.get("/openapi.json", headers={"Authorization": ""})
    assert answer.status_code == 200
    document: dict[str, Any] = answer.json()
    return document


def validator(document: dict[str, Any], schema: dict[str, Any]) -> jsonschema.Draft202012Validator:
    """OpenAPI 3.1 schemas are JSON Schema 2020-12."""
    return jsonschema.Draft202012Validator({**schema, "components": document["components"]})


def of(document: dict[str, Any], path: str, method: str, status: str = "") -> dict[str, Any]:
    """The schema of an operation's body, or of its answer with this status."""
    operation = document["paths"][path][method]
    place = operation["responses"][status] if status else operation["requestBody"]
    kind = "application/problem+json" if status >= "400" else "application/json"
    schema: dict[str, Any] = place["content"][kind]["schema"]
    return schema


async def test_it_describes_every_route(api: Api) -> None:
    """Each path under the API that is served is described, and the other way round."""
    document = await described(api)
    routes = [route for route in api.app.routes if isinstance(route, Route) and route.include_in_schema]
    served = {route.path for route in routes}
    assert document["openapi"] == "3.1.0"
    assert set(document["paths"]) == served


async def test_its_schemas_are_schemas(api: Api) -> None:
    """Each is valid JSON Schema, and no reference leads nowhere."""
    document = await described(api)
    schemas = document["components"]["schemas"]
    for schema in schemas.values():
        jsonschema.Draft202012Validator.check_schema(schema)
    references = {
        part.split('"')[0] for part in str(document).replace("'", '"').split("#/components/schemas/")[1:]
    }
    assert references <= schemas.keys()


@pytest.mark.parametrize("body", [body for body, _ in ITEMS])
async def test_actions_that_are_taken_are_described(api: Api, body: dict[str, Any]) -> None:
    """Each action that the API takes satisfies its schema; with an unknown field it does not."""
    document = await described(api)
    checker = validator(document, of(document, "/api/v1/sessions/{id}/actions", "post"))
    checker.validate(body)
    assert not checker.is_valid(body | {"nonsense": 1})


async def test_answers_are_as_described(api: Api) -> None:
    """Sessions with and without a call, timeline, refusals, acknowledgements and problems."""
    document = await described(api)
    session_id = await api.session()
    await api.session(BEN, call=None, call_state="none", thread_state="awaiting_reply")
    await api.session(None, timers={"text_reply": api.clock.now()}, last_text_error={"code": 30003})
    await api.lines(session_id, "1.00")
    await api.refusal("SM1")
    one = "/api/v1/sessions/{id}"
    for path in ("/api/v1/sessions", one, f"{one}/events", "/api/v1/refusals"):
        answer = await api.client.get(path.format(id=session_id))
        validator(document, of(document, path, "get", "200")).validate(answer.json())
    acted = await api.post(f"/sessions/{session_id}/actions", {"action": "end"})
    validator(document, of(document, f"{one}/actions", "post", "202")).validate(acted.json())
    body = {"assistant": "support", "to": ANA}
    opened = await api.post("/messages", body)
    validator(document, of(document, "/api/v1/messages", "post")).validate(body)
    validator(document, of(document, "/api/v1/messages", "post", "202")).validate(opened.json())
    api.desk.open_answer = Forbidden("opted_out", "text_only", ("end",), "hint")
    for asked, status in ((body, "409"), ({"to": OURS}, "422")):
        said = await api.post("/messages", asked)
        assert str(said.status_code) == status
        validator(document, of(document, "/api/v1/messages", "post", status)).validate(said.json())


async def test_nothing_is_given_that_is_not_described(api: Api) -> None:
    """A session's record has exactly the fields of its schema."""
    document = await described(api)
    session_id = await api.session()
    body = (await api.get(f"/sessions/{session_id}")).json()
    schemas = document["components"]["schemas"]
    assert body.keys() == schemas["Session"]["properties"].keys()
    assert body["call"].keys() == schemas["Call"]["properties"].keys()

"""Whatever `/openapi.json` permits is answered as it says, and whatever it does not is refused."""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestrator.web.api import operations
from orchestrator.web.api.openapi import document
from tests.web.contract import Contract
from tests.web.generated import Generator, spoilt
from tests.web.house import ANA, Api

pytestmark = pytest.mark.anyio

NOTHING: Any = None
DOCUMENT = document(
    operations(
        reader=NOTHING,
        desk=NOTHING,
        store=NOTHING,
        operators=NOTHING,
        assistants={},
        clock=NOTHING,
        closing=lambda: True,
        streams=0,
    )
)
FEW = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
MAKE, JUDGE = Generator(DOCUMENT), Contract(DOCUMENT)
TAKES_BODY = {
    told["operationId"]: (path, told) for _, path, told in JUDGE.operations() if "requestBody" in told
}
LOOKS = [(path, told) for method, path, told in JUDGE.operations() if method == "GET"]


@cache
def bodies(name: str) -> st.SearchStrategy[Any]:
    """Bodies that an operation's schema permits; half of them name what is there."""
    content = TAKES_BODY[name][1]["requestBody"]["content"]["application/json"]
    known = {"assistant": "support", "to": ANA}
    made = MAKE.of(content["schema"])
    return (
        made
        if name == "act"
        else made | made.map(lambda body: {**body, **{key: known[key] for key in known if key in body}})
    )


async def posted(api: Api, name: str, body: Any) -> int:
    """The status of a request with this body, whose answer was judged."""
    session_id = await api.session()
    answer = await api.post(TAKES_BODY[name][0].removeprefix("/api/v1").format(id=session_id), body)
    await JUDGE.judge(answer)
    return answer.status_code


@FEW
@given(st.one_of([st.tuples(st.just(name), bodies(name)) for name in TAKES_BODY]))
async def test_what_is_permitted_is_read(api: Api, made: tuple[str, Any]) -> None:
    """A body that satisfies the schema is done, or refused for what it says, never for its form."""
    name, body = made
    assert JUDGE.body(name).is_valid(body)
    assert await posted(api, name, body) in {202, 422}


@FEW
@given(st.one_of([st.tuples(st.just(name), spoilt(bodies(name))) for name in TAKES_BODY]))
async def test_what_is_not_permitted_is_refused(api: Api, made: tuple[str, Any]) -> None:
    """A body that does not satisfy the schema is not done."""
    name, body = made
    status = await posted(api, name, body)
    assert status == 422 or (status == 202 and JUDGE.body(name).is_valid(body))


@st.composite
def addresses(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """An address that is looked at, with anything in place of an id or number, and parameters right and wrong."""
    path, told = draw(st.sampled_from(LOOKS))
    asked, places = {}, {}
    for entry in told.get("parameters", ()):
        if entry["in"] == "path":
            word = draw(st.just(entry["example"]) | st.text(min_size=1))
            places[entry["name"]] = quote(word.replace("/", "-"), safe="")
        elif entry["in"] == "query":
            asked[entry["name"]] = draw(MAKE.of(entry["schema"]) | st.text(max_size=30))
    return path.format(**places), asked


@FEW
@given(addresses())
async def test_any_address_is_answered_as_it_says(api: Api, made: tuple[str, dict[str, Any]]) -> None:
    """Whatever the id, the number or a parameter is, the answer is one that is declared."""
    api.closing = True  # streams end after what is there
    path, asked = made
    answer = await api.client.get(path, params=asked)
    await JUDGE.judge(answer)
    assert answer.status_code < 500

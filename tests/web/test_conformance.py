"""The running API keeps to `/openapi.json`: each operation gives each answer that is declared, and no other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from orchestrator.core.errors import Outcome, StoreUnavailable
from orchestrator.web.api import AssistantFacts, routes
from tests.fakes.bot import text
from tests.fakes.world import ANA, NUMBER, World
from tests.web.contract import Contract
from tests.web.house import FULL, READING, TOKENS
from tests.web.test_media import URL, Shelf

pytestmark = pytest.mark.anyio

BEN, CARA, DORA, NOBODY = "+15550105678", "+15550107777", "+15550108888", "+15550109999"
SSE = {"Accept": "text/event-stream"}
JSON = {"Content-Type": "application/json"}


class Place:
    """A house with a past, its API, and the judge of each answer. `ids` names what is there."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.shelf = Shelf()
        self.contract = Contract({"paths": {}, "components": {"schemas": {}}})
        service = world.service
        facts = {name: AssistantFacts.of(line.rules) for name, line in service.house.lines.items()}
        app = Starlette(
            routes=routes(
                reader=service.store,
                desk=service.desk,
                store=service.store,
                operators=service.store,
                assistants=facts,
                tokens=TOKENS,
                clock=world.clock,
                closing=lambda: True,  # so that streams end after what is there already
                source=self.shelf,
            )
        )
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://tandem.test", headers=FULL
        )
        self.ids: dict[str, str] = {}

    async def begin(self) -> None:
        """Ana is in a call, Ben opted out, Cara's text was refused, one to Dora failed."""
        world = self.world
        document = (await self.client.get("/openapi.json")).json()
        self.contract = Contract(document)
        self.client.event_hooks["response"].append(self.contract.judge)
        world.bot.will([text("Yes?")], [text("Noted.")])
        await world.handset(ANA).call(NUMBER)
        await world.idle()
        await world.handset(ANA).text("12 Mill Lane", to=NUMBER)
        await self.ask("PUT", f"/opt-outs/{BEN}")
        await world.handset(CARA).text("Hi", to=NUMBER)
        await world.idle()
        world.carrier.trouble.fail_next_message(30003)
        opened = await self.ask(
            "POST", "/messages", json={"assistant": "support", "to": DORA, "text": "Hello"}
        )
        await world.idle()
        call = (await self.ask("GET", "/sessions?state=in_call_and_text")).json()["sessions"][0]["id"]
        letter = (await self.ask("GET", "/dead-letters")).json()["dead_letters"][0]["id"]
        self.ids = {"call": call, "thread": opened.json()["session_id"], "letter": letter}

    async def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """A request under `/api/v1`, and what follows from it."""
        answer = await self.client.request(method, f"/api/v1{path}".format(**self.ids), **more)
        await self.world.idle()
        return answer

    async def act(self, session: str, **body: Any) -> int:
        """The status of an action in the session of this name."""
        return (await self.ask("POST", f"/sessions/{{{session}}}/actions", json=body)).status_code


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    """A house of its own."""
    async with World(messaging={"initiate_from_inbound": False}) as world:
        made = Place(world)
        await made.begin()
        yield made
        await made.client.aclose()


LOOKS = [
    "/sessions?state=ended&state=text_only,in_call&limit=1",
    "/sessions/{call}",
    "/sessions/{call}/events",
    "/refusals",
    "/records?kind=call",
    "/records?kind=text",
    "/records",
    "/records?format=csv",
    f"/media?assistant=support&url={URL}",
    f"/opt-outs/{BEN}",
    "/opt-outs",
    "/opt-outs?format=csv",
    f"/customers/{ANA}",
    "/dead-letters",
    "/dead-letters/{letter}",
    "/backlog",
]
ACTIONS: list[dict[str, Any]] = [
    {"action": "send_text", "text": "More"},
    {"action": "ask_for_text", "text": "Which?"},
    {"action": "say", "text": "Hello"},
    {"action": "set_context", "context": {"order": 7}},
    {"action": "take_over"},
    {"action": "release"},
    {"action": "switch_channel", "to": "sms", "text": "Here", "keep_call": True},
    {"action": "hang_up"},
    {"action": "end"},
]


async def succeed(place: Place) -> None:
    """Everything that is possible is done."""
    for path in LOOKS:
        await place.ask("GET", path)
    for path in ("/sessions/{call}/events", "/events"):
        await place.ask("GET", path, headers=SSE)
    for body in ACTIONS:
        assert await place.act("call", **body) == 202, body
    await place.ask("POST", "/calls", json={"assistant": "support", "to": DORA})
    await place.ask("POST", "/opt-outs", json={"opt_outs": [{"phone_number": BEN}, {"phone_number": CARA}]})
    await place.ask("DELETE", f"/opt-outs/{BEN}")
    await place.ask("DELETE", f"/customers/{CARA}")
    await place.client.get("/openapi.json")


async def letters(place: Place) -> None:
    """A dead letter is tried again, and the next one dropped."""
    place.world.carrier.trouble.fail_next_message(30003)
    await place.ask("POST", "/dead-letters/{letter}/retry")
    await place.world.clock.advance(2)  # the inbox is due
    await place.world.idle()
    listed = (await place.ask("GET", "/dead-letters")).json()["dead_letters"]
    await place.ask("DELETE", f"/dead-letters/{listed[0]['id']}")


async def conflict(place: Place) -> None:
    """What the state, or the carrier, forbids."""
    assert await place.act("thread", action="say", text="x") == 409
    for path, to in (("/messages", BEN), ("/messages", DORA), ("/calls", ANA), ("/calls", BEN)):
        assert (await place.ask("POST", path, json={"assistant": "support", "to": to})).status_code == 409
    place.world.carrier.trouble.answer_next_request(400, "Calls.json")
    await place.ask("POST", "/calls", json={"assistant": "support", "to": CARA})
    await place.world.clock.advance(2)  # the next call has its turn
    outcomes: tuple[Outcome, ...] = ("refused", "not_sent")
    for outcome in outcomes:
        place.shelf.error = outcome
        await place.ask("GET", f"/media?assistant=support&url={URL}")
    place.shelf.error = None
    await place.ask("POST", "/sessions/nothing/actions", json={"action": "end"})


async def everywhere(place: Place, **more: Any) -> None:
    """Each operation once, at an address that names nothing, with a body that says nothing."""
    for method, path, told in place.contract.operations():
        given = dict(more)
        if "requestBody" in told and "content" not in given:
            given["json"] = {}
        await place.client.request(method, path.format(id="nothing", number=NOBODY), **given)


async def misask(place: Place) -> None:
    """Wrong parameters and numbers, and bodies that are none."""
    for method, path, told in place.contract.operations():
        wrong = {entry["name"]: "%" for entry in told.get("parameters", ()) if entry["in"] == "query"}
        await place.client.request(method, path.format(id=place.ids["call"], number="x"), params=wrong)
    for content, headers in ((b"{", JSON), (b" " * 70_000, JSON), (b"{}", {})):
        await everywhere(place, content=content, headers=headers)


async def test_each_declared_answer_is_given_and_no_other(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Success and every refusal of every operation, by status, type and schema; nothing declared is left over."""
    await conflict(place)
    await everywhere(place)
    await everywhere(place, headers={"Authorization": "Bearer wrong"})
    await everywhere(place, headers=READING)
    await misask(place)
    await succeed(place)
    await letters(place)
    await place.world.clock.advance(1)  # what was looked at just now is looked at again

    async def away(*_: object, **__: object) -> None:
        raise StoreUnavailable("away")

    with monkeypatch.context() as gone:
        for name in ("call", "many", "run"):
            gone.setattr(place.world.store.link, name, away)
        for body in (
            {"action": "end"},
            {"assistant": "support", "to": CARA},
            {"opt_outs": [{"phone_number": ANA}]},
        ):
            for method, path, told in place.contract.operations():
                fits = "requestBody" in told and place.contract.body(told["operationId"]).is_valid(body)
                asked: dict[str, Any] = {"json": body} if fits else {}
                address = path.format(
                    id=place.ids["letter"] if "dead" in path else place.ids["call"], number=ANA
                )
                await place.client.request(method, address, **asked)
    assert place.contract.declared - place.contract.seen == set()

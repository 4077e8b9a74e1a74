"""Calls of ours, through the whole house: placed, answered, missed, taken by machines, and lost."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.core.items import HangUp, SwitchChannel
from orchestrator.ports import Called, Forbidden
from tests.fakes.bot import text
from tests.fakes.world import ANA, NUMBER, World

pytestmark = pytest.mark.anyio
CALL_ME = {"response_type": "switch_channel", "to": "voice", "text": "Calling you now."}


async def called(world: World, **more: Any) -> Called:
    """A call of ours that the carrier has taken."""
    done = await world.desk.open_call("support", ANA, context=more.pop("context", {}), **more)
    assert isinstance(done, Called)
    return done


async def test_a_call_of_ours_is_answered() -> None:
    """The desk names session and call; the assistant speaks first, with the context given."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("This is Acme.")])
        done = await called(world, context={"why": "recall"})
        assert await world.state() == "dialing"
        await ana.answer()
        session = await world.session()
        assert (session["id"], session["state"]) == (done.session_id, "in_call")
        assert (session["call"]["call_sid"], session["call"]["direction"]) == (done.call_sid, "outbound")
        assert ana.spoken == ["This is Acme."]
        turn = bot.turns[0]
        assert (turn["event"], turn["event_data"]) == ("call_started", {"direction": "outbound"})
        assert turn["context"] == {"why": "recall"}


async def test_a_text_thread_becomes_a_call_and_goes_on() -> None:
    """The customer texts "call me": one session over thread, call, and thread again."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([CALL_ME], [text("Hello again.")], [], [text("Still here.")])
        await ana.text("Call me", to=NUMBER)
        await world.idle()
        await ana.answer()
        await world.idle()
        assert (ana.texts, ana.spoken) == (["Calling you now."], ["Hello again."])
        assert await world.state() == "in_call_and_text"
        await ana.hang_up()
        assert await world.state() == "text_only"
        await ana.text("And now?", to=NUMBER)
        await world.idle()
        assert ana.texts[-1] == "Still here."
        assert len({turn["session_id"] for turn in bot.turns}) == 1
        assert [event for event, _ in bot.heard()] == [None, "call_started", "call_ended", None]


@pytest.mark.parametrize("reason", ["busy", "no_answer"])
async def test_a_call_that_nobody_takes(reason: str) -> None:
    """The customer gets the configured text, the assistant learns why."""
    async with World(phone={"call_failed_message": "We tried to call you."}) as world:
        ana, bot = world.handset(), world.bot
        await called(world)
        if reason == "busy":
            await ana.decline()
        await world.clock.advance(61)
        await world.idle()
        assert [(turn["event"], turn["event_data"]) for turn in bot.turns] == [
            ("call_failed", {"reason": reason})
        ]
        assert ana.texts == ["We tried to call you."]


@pytest.mark.parametrize(
    ("mode", "spoken", "texts"),
    [("hang_up", [], []), ("message", ["Please call us."], []), ("text", [], ["Please call us."])],
)
async def test_an_answering_machine(mode: str, spoken: list[str], texts: list[str]) -> None:
    """The carrier is asked to listen for one; it gets what is configured, the assistant `machine`."""
    async with World(phone={"machine_detection": mode, "machine_message": "Please call us."}) as world:
        ana, bot = world.handset(), world.bot
        ana.set_answers(True, is_machine=True)
        await called(world)
        await world.idle()
        assert (ana.spoken, ana.texts, ana.call_state) == (spoken, texts, "completed")
        assert [turn["event_data"] for turn in bot.turns] == [{"reason": "machine"}]


async def test_a_human_is_talked_to_with_machines_looked_for() -> None:
    """Detection that hears a human changes nothing."""
    async with World(phone={"machine_detection": "hang_up"}) as world:
        world.bot.will([text("Hello")])
        await called(world)
        await world.handset().answer()
        await world.idle()
        assert world.handset().spoken == ["Hello"]


async def test_a_second_call_is_not_placed_over_a_live_one() -> None:
    """`call_live` while it rings and while it is up; the phone rings once."""
    async with World() as world:
        ana = world.handset()
        await called(world)
        for _ in range(2):
            found = await world.desk.open_call("support", ANA, context={})
            assert isinstance(found, Forbidden)
            assert found.code == "call_live"
            if ana.call_state == "ringing":
                await ana.answer()
                await world.idle()
        assert len(ana.calls) == 1


async def test_whom_we_do_not_call() -> None:
    """An opted-out customer, and anybody outside the hours that the configuration allows."""
    async with World(phone={"call_hours": "00:00-00:01"}) as world:
        await world.handset().text("STOP", to=NUMBER)
        await world.idle()
        for number, code in ((ANA, "opted_out"), ("+15550105678", "call_hours")):
            found = await world.desk.open_call("support", number, context={})
            assert isinstance(found, Forbidden)
            assert found.code == code
        assert world.handset().calls == []


async def test_the_same_key_calls_once() -> None:
    """A request repeated under its key gets the call that it placed."""
    async with World() as world:
        first, again = await called(world, key="k"), await called(world, key="k")
        assert first == again
        assert len(world.handset().calls) == 1


async def test_the_carrier_refuses_the_call() -> None:
    """The desk says so, and the assistant learns `failed`."""
    async with World() as world:
        world.carrier.trouble.answer_next_request(400, "Calls.json")
        found = await world.desk.open_call("support", ANA, context={})
        assert isinstance(found, Forbidden)
        assert found.code == "not_placed"
        await world.idle()
        assert [turn["event_data"] for turn in world.bot.turns] == [{"reason": "failed"}]


async def test_a_call_in_doubt_rings_once() -> None:
    """The carrier took it and the answer was lost: its list names it, and the phone rings once."""
    async with World() as world:
        ana = world.handset()
        world.carrier.trouble.drop_next_request("Calls.json")
        await ana.text("Call me", to=NUMBER)
        world.bot.will([CALL_ME])
        await ana.text("Call me now", to=NUMBER)
        await world.clock.advance(6)
        session = await world.session()
        assert (session["state"], session["call"]["call_sid"]) == ("dialing", ana.calls[0].sid)
        await world.clock.advance(40)
        assert len(ana.calls) == 1


async def test_calls_of_one_number_keep_the_pace() -> None:
    """One call a second leaves from a number; the next one waits, and is placed."""
    async with World() as world:
        ben = world.handset("+15550105678")
        world.bot.will([CALL_ME], [CALL_ME])
        await world.handset().text("Call me", to=NUMBER)
        await ben.text("Call me", to=NUMBER)
        await world.idle()
        assert len(world.handset().calls) + len(ben.calls) == 1
        await world.clock.advance(3)
        assert len(world.handset().calls) + len(ben.calls) == 2


async def test_calls_are_paced_over_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process has just placed a call from the number: ours waits for as long as the store says."""
    async with World() as world:
        waits = [2.5, 0.0]
        asked: list[tuple[str, float]] = []

        async def take_slot(name: str, lasting: float) -> float:
            asked.append((name, lasting))
            return waits.pop(0)

        monkeypatch.setattr(world.service.runner.outbox._store, "take_slot", take_slot)
        ana = world.handset()
        world.bot.will([CALL_ME])
        await ana.text("Call me", to=NUMBER)
        await world.clock.advance(2)
        assert ana.calls == []
        await world.clock.advance(2)
        assert len(ana.calls) == 1
        assert asked == [(f"call {NUMBER}", 1.0)] * 2


async def test_a_hang_up_that_was_never_told_is_found() -> None:
    """No webhook behind the document's longest run and 30 s: the carrier is asked, the call is `lost`."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [text("We were cut off.")])
        await ana.call(NUMBER)
        await world.idle()
        world.carrier.trouble.lose_next_webhook("voice-status")
        await ana.drop()
        await world.clock.advance(60)
        assert await world.state() == "in_call"
        await world.clock.advance(50)
        assert [(turn["event"], turn["event_data"]) for turn in bot.turns[1:]] == [
            ("call_ended", {"reason": "lost"})
        ]
        assert ana.texts == ["We were cut off."]
        assert await world.state() == "text_only"


async def test_a_missed_call_whose_end_was_never_told_is_found() -> None:
    """A call of ours that rang out unheard of is looked up, and counts as what the carrier says."""
    async with World() as world:
        await called(world)
        world.carrier.trouble.lose_next_webhook("voice-status")
        await world.clock.advance(100)
        assert [turn["event_data"] for turn in world.bot.turns] == [{"reason": "no_answer"}]


async def test_a_call_that_goes_on_is_left_alone() -> None:
    """A call in which a text is awaited for long is asked about, and stays up."""
    async with World(messaging={"text_reply_timeout": "10m"}) as world:
        ana, bot = world.handset(), world.bot
        bot.will([{"response_type": "ask_for_text", "text": "Your address?", "say": "I texted you."}])
        await ana.call(NUMBER)
        await world.clock.advance(300)
        assert (ana.call_state, await world.state()) == ("in-progress", "awaiting_text")


async def test_an_operator_may_not_switch_to_a_call_outside_the_hours() -> None:
    """`switch_channel` to voice by the API is refused as `call_hours`; the assistant's own is skipped, and noted."""
    async with World(phone={"call_hours": "00:00-00:01"}) as world:
        ana = world.handset()
        world.bot.will([CALL_ME])
        await ana.text("Call me", to=NUMBER)
        session = await world.session()
        lines = (await world.api(f"/sessions/{session['id']}/events"))["events"]
        assert [line["data"] for line in lines if line["type"] == "item_skipped"] == [
            {"response_type": "switch_channel", "reason": "call_hours"}
        ]
        found = await world.desk.act(session["id"], "switch_channel", SwitchChannel(to="voice"))
        assert isinstance(found, Forbidden)
        assert found.code == "call_hours"
        assert ana.calls == []


async def test_a_customer_who_opts_out_before_the_call_is_placed_is_not_called() -> None:
    """Consent is looked at again when the call is claimed; the assistant learns `failed`."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([CALL_ME])
        world.carrier.trouble.answer_next_request(429, "Calls.json")
        await ana.text("Call me", to=NUMBER)
        await world.idle()
        await ana.text("STOP", to=NUMBER)
        await world.clock.advance(5)
        assert ana.calls == []
        assert (bot.turns[-1]["event"], bot.turns[-1]["event_data"]) == ("call_failed", {"reason": "failed"})


async def test_a_call_that_cannot_be_placed_in_time_is_given_up() -> None:
    """A carrier that is away for two minutes: nobody rings afterwards."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([CALL_ME])
        for _ in range(40):
            world.carrier.trouble.answer_next_request(429, "Calls.json")
        await ana.text("Call me", to=NUMBER)
        await world.clock.advance(200)
        assert ana.calls == []
        assert bot.turns[-1]["event_data"] == {"reason": "failed"}


async def test_a_call_beside_is_a_live_call_too() -> None:
    """The number's own call is over, a second one from it is up: nobody is called over that one."""
    async with World() as world:
        ana = world.handset()
        await ana.call(NUMBER)
        await world.idle()
        await ana.call(NUMBER)
        await world.idle()
        await world.desk.act(world.bot.turns[0]["session_id"], "hang_up", HangUp())
        await world.idle()
        assert [call.status for call in ana.calls] == ["completed", "in-progress"]
        found = await world.desk.open_call("support", ANA, context={})
        assert isinstance(found, Forbidden)
        assert found.code == "call_live"

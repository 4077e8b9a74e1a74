"""Requests that come again because their answer was lost: the desk knows them, though no answer was kept."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from orchestrator.core.items import EndSession, HangUp, SwitchChannel
from orchestrator.ports import Acted, Forbidden, Opened
from tests.fakes.world import ANA, NUMBER, World

pytestmark = pytest.mark.anyio


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A house of its own."""
    async with World() as made:
        yield made


async def opened(world: World, key: str, text: str = "Hello") -> Opened | Forbidden:
    """A text session, asked for at the desk, and what follows from it."""
    done = await world.desk.open_text("support", ANA, text=text, media=(), context={}, key=key)
    await world.idle()
    return done


async def test_a_session_that_was_opened_is_named_again(world: World) -> None:
    """The second answer is the first one, a while later and with the session open; one text is sent."""
    first = await opened(world, "k")
    await world.clock.advance(5)
    assert await opened(world, "k") == first
    assert isinstance(first, Opened)
    assert (await world.session())["id"] == first.session_id
    assert world.handset().texts == ["Hello"]


async def test_a_session_that_has_ended_since_is_named_again(world: World) -> None:
    """The retry opens no second session after the first has ended, nor while another is open."""
    first = await opened(world, "k")
    assert isinstance(first, Opened)
    await world.desk.act(first.session_id, "end", EndSession())
    await world.idle()
    other = await opened(world, "other", "Again")
    assert isinstance(other, Opened)
    assert other != first
    assert await opened(world, "k") == first
    assert world.handset().texts == ["Hello", "Again"]


async def test_a_refusal_is_no_permission(world: World) -> None:
    """A key that was refused is looked at anew: it does not pass once the state has changed back."""
    await opened(world, "first")
    for _ in range(2):
        refused = await opened(world, "k")
        assert isinstance(refused, Forbidden)
        assert refused.code == "session_open"


async def test_an_action_that_changed_the_state_itself_is_answered_again(world: World) -> None:
    """`hang_up` under its key is taken once more, though nobody is on the phone by then."""
    await world.handset().call(NUMBER)
    session = await world.session()
    first = await world.desk.act(session["id"], "hang_up", HangUp(), key="k")
    await world.idle()
    again = await world.desk.act(session["id"], "hang_up", HangUp(), key="k")
    assert isinstance(first, Acted)
    assert isinstance(again, Acted)
    assert again.action_id == first.action_id
    assert isinstance(await world.desk.act(session["id"], "hang_up", HangUp(), key="other"), Forbidden)


async def test_a_switch_to_the_present_channel_is_refused(world: World) -> None:
    """To sms without a call, to voice in one: refused with what is allowed and what to do instead."""
    session = await opened(world, "k")
    assert isinstance(session, Opened)
    to_sms = await world.desk.act(session.session_id, "switch_channel", SwitchChannel(to="sms", text="x"))
    assert isinstance(to_sms, Forbidden)
    assert (to_sms.code, to_sms.state) == ("not_allowed", "text_only")
    assert "switch_channel" in to_sms.allowed
    assert "send_text" in to_sms.hint
    await world.handset().call(NUMBER)
    await world.idle()
    to_voice = await world.desk.act(session.session_id, "switch_channel", SwitchChannel(to="voice"))
    assert isinstance(to_voice, Forbidden)
    assert "say" in to_voice.hint

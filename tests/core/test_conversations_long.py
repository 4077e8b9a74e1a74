"""Long answers by text: several messages, whole and in order."""

from __future__ import annotations

from orchestrator.core.decide import Decision, decide
from orchestrator.core.effects import SendMessage
from orchestrator.core.events import ActionRequested, SessionRequested
from orchestrator.core.items import SendText
from orchestrator.core.session import Session
from tests.core.play import Play

LONG = " ".join(f"This is sentence number {place} of a long answer." for place in range(60))


def messages(decision: Decision) -> list[SendMessage]:
    """The texts that a decision sends."""
    return [effect for effect in decision.effects if isinstance(effect, SendMessage)]


def opened(text: str) -> Decision:
    """A session that we open with a text."""
    play = Play()
    session = Session(id="0" * 26, assistant="support", customer="+15550101234")
    event = SessionRequested(id="open", at=1.0, text=text)
    return decide(session, event, 1.0, play.rules)


def test_a_long_text_goes_as_several_in_order() -> None:
    """Each part is at most 1600 characters and ten segments; together they are the text."""
    sent = messages(opened(LONG))
    assert len(sent) == 2
    assert all(len(message.body) <= 1600 for message in sent)
    assert " ".join(message.body for message in sent) == LONG
    assert len({message.text_id for message in sent}) == 2


def test_a_short_text_is_one_message() -> None:
    """What fits is sent as it is."""
    assert [message.body for message in messages(opened("Hello"))] == ["Hello"]


def test_media_go_with_the_first_part() -> None:
    """A picture is sent once, however long the words beside it."""
    item = SendText(text=LONG, media=("https://x.example/a.png",))
    event = ActionRequested(id="act", at=2.0, action="send_text", item=item)
    sent = messages(decide(opened("hi").session, event, 2.0, Play().rules))
    assert [message.media for message in sent] == [("https://x.example/a.png",), ()]

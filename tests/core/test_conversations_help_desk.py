"""What the help desk is told, and how a conversation is handed to it."""

from __future__ import annotations

from typing import Any

from orchestrator.core import items
from orchestrator.core.effects import TellDesk
from tests.core.play import ANA, Play
from tests.core.scenes import greeted, taken_thread, writes

AGENT = items.Transfer(to="", say="A colleague writes to you.", whisper="wants a refund", agent=True)


def told(play: Play) -> list[tuple[str, dict[str, Any]]]:
    """What the help desk is told, without what stands in all of it."""
    found = [effect for effect in play.effects if isinstance(effect, TellDesk)]
    assert len({effect.message_id for effect in found}) == len(found)
    for effect in found:
        assert effect.data["session_id"] == play.session.id
        assert effect.data["customer"] == {"phone_number": ANA}
    common = {"session_id", "assistant", "customer"}
    return [
        (effect.type, {key: value for key, value in effect.data.items() if key not in common})
        for effect in found
    ]


def test_the_help_desk_is_told_from_the_beginning_to_the_end() -> None:
    """Taken over, each word of the customer, given back; nothing of what the operators say themselves."""
    play = taken_thread(help_desk=True)
    play.texts("Refund!")
    play.acts("send_text", writes("Of course."))
    play.acts("release")
    play.saw("tell desk customer_said", "text: Of course.", "tell desk released", "ask released")
    refund = {"by": "customer", "channel": "sms", "type": "text", "text": "Refund!", "media": []}
    assert told(play) == [
        ("taken_over", {"by": "api", "message": "", "context": {}}),
        ("customer_said", refund),
        ("released", {"by": "api"}),
    ]


def test_a_thread_is_handed_to_the_help_desk_by_the_assistant() -> None:
    """`connect_to_agent` by text: the customer is told, the help desk gets the message, the session's end too."""
    play = Play(help_desk=True)
    play.texts("A human please")
    play.answers(AGENT, context={"order": 7})
    play.saw("ask input: A human please", "text: A colleague writes to you.", "tell desk taken_over")
    facts = {"by": "assistant", "message": "wants a refund", "context": {"order": 7}}
    assert told(play) == [("taken_over", facts)]
    play.texts("Hello?")
    play.acts("end", items.EndSession())
    play.saw("tell desk customer_said", "tell desk session_ended")
    assert play.session.handler == "assistant"


def test_a_call_without_a_target_is_handed_to_the_help_desk() -> None:
    """The caller is told and held; with a target the call is transferred as ever."""
    play = greeted(help_desk=True)
    play.says("A human please")
    play.answers(AGENT, items.ForceTurn())
    play.saw("ask input: A human please", "say: A colleague writes to you. | go on", "tell desk taken_over")
    other = greeted(help_desk=True)
    other.says("A human please")
    other.answers(items.Transfer(to="+15550109999", agent=True))
    other.saw("ask input: A human please", "say: | dial +15550109999")


def test_without_a_help_desk_nobody_is_reached_by_text() -> None:
    """`connect_to_agent` is skipped on a thread, and in a call that has no target, on record."""
    thread, call = Play(), greeted()
    thread.texts("A human please")
    call.says("A human please")
    for play, reason in ((thread, "no_live_call"), (call, "no_target")):
        play.answers(AGENT)
        assert play.notes("item_skipped") == [{"response_type": "transfer", "reason": reason}]
        assert play.session.handler == "assistant"

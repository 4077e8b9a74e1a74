"""Texts as conversations: answers on each channel, items, recipients, choices, failures."""

from __future__ import annotations

import pytest

from orchestrator.core import events, items
from orchestrator.core.effects import SendMessage
from orchestrator.core.events import InboundMedia
from tests.core.play import Play, text
from tests.core.scenes import greeted

SORRY = "We're sorry, but we can't respond to your message."


def test_failed_text_without_a_call_waits_for_the_next_turn() -> None:
    """Without a call the assistant learns a failed text with its next turn, once, whatever session that is in."""
    play = Play()
    play.texts("Hi")
    play.answers(text("Hello"))
    play.carrier_refuses(30003, "unreachable")
    play.saw("ask input: Hi", "text: Hello")
    play.texts("Anyone?")
    assert play.asked()["last_text_error"]["reason"] == "unreachable"
    play.answers(items.EndSession())
    play.texts("Again")
    assert play.asked()["last_text_error"] is None


@pytest.mark.parametrize(
    ("how", "lines"),
    [
        ("voice", ["interrupt"]),
        ("sms", ["text: Aye."]),
        ("both", ["text: Aye.", "interrupt"]),
    ],
)
def test_reply_to_a_text_in_a_call(how: str, lines: list[str]) -> None:
    """`reply_to_text_in_call` decides where the answer to a text goes while a call is live."""
    play = greeted(reply_to_text_in_call=how)
    play.texts("Aye?")
    play.answers(text("Aye."))
    play.saw("ask text_reply: Aye?", *lines)
    play.hangs_up()
    play.saw(*(["text: Aye."] if how == "voice" else []), "ask call_ended")


def test_answer_to_nothing_leaves_the_call_alone() -> None:
    """An empty answer to a text in a call says nothing and interrupts nothing."""
    play = greeted()
    play.texts("ok")
    play.answers()
    play.saw("ask text_reply: ok")


def test_items_go_to_the_channels_they_name() -> None:
    """In a call an item for SMS is written; on a thread one for voice is skipped, whatever it is."""
    play = greeted()
    play.says("Hi")
    play.answers(text("Aloud."), text("Written.", "sms"), text("Both.", "voice", "sms"))
    play.saw("ask input: Hi", "text: Written.\nBoth.", "say: Aloud. Both. | listen")
    thread = Play()
    thread.texts("Hi")
    thread.answers(
        text("Aloud.", "voice"),
        items.EndSession(channels=("voice",)),
        items.HangUp(),
        items.CollectDigits(count=1),
        text("Written."),
    )
    thread.saw("ask input: Hi", "text: Written.")
    assert [note["reason"] for note in thread.notes("item_skipped")] == [
        "no_live_call",
        "no_live_call",
        "no_live_call",
        "not_on_sms",
    ]
    assert thread.state == "text_only"


def test_spoken_only_items_never_become_texts() -> None:
    """What was meant for voice only is dropped with the call; the rest of the answer goes by SMS."""
    play = greeted()
    play.texts("Hi")
    play.answers(text("Aloud only.", "voice"), text("Hello."))
    play.hangs_up()
    play.saw("ask text_reply: Hi", "interrupt", "text: Hello.", "ask call_ended")


def test_items_of_every_kind_on_both_channels() -> None:
    """Media, searches, pauses and unknown items do what each channel can carry, in order."""
    given = (
        items.Media(kind="image", source="https://x.example/a.png", title="A map"),
        items.Media(kind="audio", source="https://x.example/a.mp3", loop=True),
        items.Media(kind="audio", source="https://x.example/b.mp3"),
        items.Search(header="I found this.", body="It is open."),
        items.Pause(seconds=1.2),
        items.Unsupported(response_type="iframe", why="unknown_type"),
    )
    play = greeted()
    play.says("Show me")
    play.answers(*given)
    play.saw(
        "ask input: Show me",
        "say: [play https://x.example/a.mp3] [play https://x.example/b.mp3] I found this. It is open. [silence 2] | listen",
    )
    assert [(n["response_type"], n["reason"]) for n in play.notes("item_skipped")] == [
        ("media", "not_on_voice"),
        ("iframe", "unknown_type"),
    ]
    thread = Play()
    thread.texts("Show me")
    thread.answers(*given)
    thread.saw(
        "ask input: Show me",
        "text: A map [https://x.example/a.png]",
        "text:  [https://x.example/a.mp3]",
        "text:  [https://x.example/b.mp3]",
        "text: I found this.\nIt is open.",
    )


def test_options_are_numbered_and_chosen() -> None:
    """Choices are lines of a text and words of a call; a number or a label becomes the choice's own words, once."""
    offer = items.Options(
        title="Which?",
        choices=(
            items.Choice(label="Red", value="colour red"),
            items.Choice(label="Blue", value="colour blue"),
        ),
    )
    thread = Play()
    thread.texts("Hi")
    thread.answers(offer)
    thread.texts("2")
    thread.answers(text("Blue."))
    thread.texts("2")
    thread.saw(
        "ask input: Hi",
        "text: Which?\n1. Red\n2. Blue",
        "ask input: colour blue",
        "text: Blue.",
        "ask input: 2",
    )
    call = greeted()
    call.says("Hi")
    call.answers(offer)
    call.presses("1")
    call.saw(
        "ask input: Hi", "say: Which? Press or say 1 for Red or 2 for Blue. | listen", "ask input: colour red"
    )
    call.answers(offer)
    call.says("neither")
    call.saw("say: Which? Press or say 1 for Red or 2 for Blue. | listen", "ask input: neither")


def test_recipients_and_senders() -> None:
    """A text reaches another number only from the list, and leaves from one of our numbers only."""
    play = greeted(allowed_recipients=("+15550108888",))
    play.says("Tell them")
    play.answers(
        items.SendText(text="To them", to="+15550108888"),
        items.SendText(text="To a stranger", to="+15550109999"),
        items.SendText(text="To me", to="+15550101234", sender="+15550000000"),
        items.SendText(),
    )
    play.saw("ask input: Tell them", "text: To them", "text: To me", "say: | listen")
    assert play.last_text().sender == "+19585550123"
    assert play.notes("item_skipped") == [{"response_type": "send_text", "reason": "recipient_not_allowed"}]


def test_failure_on_a_thread_is_written_to_who_wrote() -> None:
    """A failing assistant on a thread: the failure text; an event of ours that fails needs no apology."""
    play = Play()
    play.texts("Hi")
    play.fails()
    play.saw("ask input: Hi", f"text (failure): {SORRY}")
    silent = Play()
    silent.take(events.SessionRequested(**silent.facts()))
    silent.fails()
    silent.saw("ask session_started")


def test_answers_that_expired_are_apologised_for_once() -> None:
    """Answers dropped after `text_ttl` are replaced by one failure text for all of the outage, and a new one later."""
    play = Play()
    play.texts("Hi")
    play.answers(items.SendText(text="One"), items.SendText(text="Two"))
    one, two = [effect.text_id for effect in play.effects if isinstance(effect, SendMessage)]
    assert play.last_text().expires_at == play.now + 600.0
    play.carrier_refuses(0, "expired", one)
    play.carrier_refuses(0, "expired", two)
    play.saw("ask input: Hi", "text: One", "text: Two", f"text (failure): {SORRY}")
    assert play.last_text().expires_at == 0.0
    play.carrier_takes()
    play.carrier_refuses(0, "expired", one)
    play.carrier_refuses(30006, "landline")
    play.saw(f"text (failure): {SORRY}")
    assert play.session.apology == ""


def test_expired_answers_of_a_call_are_told_in_it() -> None:
    """During a call the assistant is asked with `text_failed`, and nothing is apologised for by text."""
    play = greeted()
    play.says("Link")
    play.answers(items.SendText(text="A link"))
    play.carrier_refuses(0, "expired")
    play.saw("ask input: Link", "text: A link", "say: | listen", "ask text_failed")
    silent = Play(default_failure_message="")
    silent.texts("Hi")
    silent.answers(text("Hello"))
    silent.carrier_refuses(0, "expired")
    silent.saw("ask input: Hi", "text: Hello")


def test_words_that_are_markup_only_are_no_text() -> None:
    """An item that holds nothing but markup is written as nothing: no empty text, no empty line."""
    play = Play()
    play.texts("Hi")
    play.answers(text("<br/>"), text("Hello"), text("  "))
    play.saw("ask input: Hi", "text: Hello")


def test_pictures_are_turns_of_media() -> None:
    """A message with media is a turn of type media that lists it, with or without words."""
    play = Play()
    picture = InboundMedia(url="https://x.example/1", content_type="image/jpeg")
    play.texts("", media=(picture,))
    assert play.asked()["input"] == {
        "type": "media",
        "text": "",
        "confidence": None,
        "media": [{"url": "https://x.example/1", "content_type": "image/jpeg"}],
    }


def test_look_alikes_are_folded_only_if_wished() -> None:
    """`fold_characters` trades curly quotes for plain ones, and the text costs a GSM-7 segment; else it stays."""
    for wished, body, encoding in ((True, '"Aye"', "GSM-7"), (False, "\u201cAye\u201d", "UCS-2")):
        play = Play(fold_characters=wished)
        play.texts("Hi")
        play.answers(text("\u201cAye\u201d"))
        play.saw("ask input: Hi", f"text: {body}")
        assert play.notes("text_queued")[0]["encoding"] == encoding


def test_what_else_a_text_brings_reaches_the_assistant() -> None:
    """A place, a button and being late stand in `event_data`; with several texts in one turn, the last of each kind."""
    play = Play()
    place = {"latitude": 52.5, "longitude": 13.4, "label": "Zoo"}
    play.texts("", facts={"location": place})
    assert play.asked()["event_data"] == {"location": place}
    assert play.asked()["input"] == {"type": "text", "text": "", "confidence": None, "media": []}
    play.answers()
    play.texts("Yes", facts={"button": {"text": "Yes", "payload": "yes-1"}}, late=True)
    assert play.asked()["event_data"] == {"button": {"text": "Yes", "payload": "yes-1"}, "late": True}
    assert play.notes("text_received")[0]["pii.location"] == place
    merged = Play(merge_window=5.0)
    merged.texts("Here", facts={"location": {"latitude": 1.0}})
    merged.texts("No, here", facts={"location": place})
    merged.rings("merge")
    assert merged.asked()["event_data"] == {"location": place}

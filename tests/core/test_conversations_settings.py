"""Conversations in which the assistant changes how the call listens and speaks."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.core import items
from orchestrator.core.effects import Listen, Say, Tones
from orchestrator.core.manner import Manner, Strategy
from tests.core.play import Play, text
from tests.core.scenes import asked_for_text, floor, greeted


def configured(strategy: Strategy, **changes: Any) -> items.Configure:
    """A `configure` of recognition."""
    return items.Configure(changes=Manner(**changes), part="hearing", strategy=strategy)


def test_a_floor_listens_as_the_phone_is_configured() -> None:
    """Without an assistant's word the floor has the configuration's settings."""
    play = greeted(
        hints="Amt",
        speech_model="phone_call",
        speech_timeout=2.0,
        profanity_filter=False,
        post_response_timeout=9.0,
    )
    assert floor(play) == Listen(
        timeout=9.0, hints="Amt", speech_model="phone_call", speech_timeout=2.0, profanity_filter=False
    )


@pytest.mark.parametrize(
    ("strategy", "now", "after_two"),
    [
        ("replace", ("de-DE", ""), ("de-DE", "")),
        ("merge", ("de-DE", "Amt"), ("de-DE", "Amt")),
        ("replace_once", ("de-DE", ""), ("en-GB", "Amt")),
        ("merge_once", ("de-DE", "Amt"), ("en-GB", "Amt")),
    ],
)
def test_the_four_strategies(strategy: Strategy, now: tuple[str, str], after_two: tuple[str, str]) -> None:
    """`merge` keeps what it does not name, `replace` resets it; `*_once` holds for the next turn only."""
    play = greeted()
    play.says("One")
    play.answers(text("A."), configured("replace", language="en-GB", hints="Amt"))
    play.says("Two")
    play.answers(text("B."), configured(strategy, language="de-DE"))
    assert (floor(play).language, floor(play).hints) == now
    play.says("Three")
    play.answers(text("C."))
    assert (floor(play).language, floor(play).hints) == after_two


def test_once_lasts_through_a_text() -> None:
    """A text that is answered in the call is no turn of the caller: what holds once still holds."""
    play = greeted()
    play.says("One")
    play.answers(text("A."), configured("merge_once", language="de-DE"))
    play.texts("Hi")
    play.answers(text("Got it."))
    play.fetches()
    assert floor(play).language == "de-DE"


def test_a_lasting_change_beneath_one_that_ends() -> None:
    """A change that lasts holds now, and after the one that ends with the turn."""
    play = greeted()
    play.says("One")
    play.answers(text("A."), configured("merge_once", language="de-DE"), configured("merge", hints="Amt"))
    assert (floor(play).language, floor(play).hints) == ("de-DE", "Amt")
    play.says("Two")
    play.answers(text("B."))
    assert (floor(play).language, floor(play).hints) == ("", "Amt")


def test_the_voice_of_an_answer() -> None:
    """A voice and language hold for every word from that answer on, the filler and the goodbye included."""
    play = greeted(max_silent_turns=1)
    play.says("One")
    play.answers(
        text("Hallo."),
        items.Configure(
            changes=Manner(voice="Polly.Vicki", spoken_language="de-DE"), part="speaking", strategy="replace"
        ),
    )
    assert play.heard is not None
    assert play.heard.verbs == (Say(text="Hallo.", voice="Polly.Vicki", language="de-DE"),)
    play.is_silent()
    assert play.heard.verbs == (Say(text="Goodbye.", voice="Polly.Vicki", language="de-DE"),)


def test_settings_end_with_the_call() -> None:
    """The next call of the session begins as the phone is configured."""
    play = greeted()
    play.says("One")
    play.answers(text("A."), configured("replace", language="de-DE"))
    play.hangs_up()
    play.answers()
    play.calls("CA2")
    play.answers(text("Hello."))
    assert floor(play) == Listen(timeout=7.0)


def test_barge_in_and_activities() -> None:
    """Barge-in and hearing are switched for speech and for keys, each by itself."""
    play = greeted()
    play.says("One")
    play.answers(
        text("A."),
        items.Configure(changes=Manner(speech_barge_in=False)),
        items.Configure(changes=Manner(hears_keys=False)),
    )
    assert floor(play) == Listen(timeout=7.0, speech_barge_in=False, keys=False)


def test_settings_need_a_call() -> None:
    """On a text thread there is nothing to set: noted, and skipped."""
    play = Play()
    play.texts("Hi")
    play.answers(configured("merge", language="de-DE"), items.SendDigits(digits="1"))
    assert [note["reason"] for note in play.notes("item_skipped")] == ["not_on_sms", "not_on_sms"]


def test_tones() -> None:
    """Key tones are played in their place among the words."""
    play = greeted()
    play.says("One")
    play.answers(text("A."), items.SendDigits(digits="1w2"), text("B."))
    assert play.heard is not None
    assert play.heard.verbs == (Say(text="A."), Tones(digits="1w2"), Say(text="B."))


@pytest.mark.parametrize(
    ("value", "seconds"), [(12_000, 12.0), (0, 7.0), ("long", 7.0), (True, 7.0), (10**9, 7.0), (None, 7.0)]
)
def test_silence_as_the_context_says(value: object, seconds: float) -> None:
    """A dialogue of Watson's sets the silence in the context, in milliseconds; nonsense is not followed."""
    play = greeted()
    play.says("One")
    context = {"integrations": {"voice_telephony": {"post_response_timeout_count": value}}}
    play.answers(text("A."), context=context)
    assert floor(play).timeout == seconds


def test_an_item_beats_the_context() -> None:
    """The time-out of a `configure` holds before that of the context."""
    play = greeted()
    play.says("One")
    context = {"integrations": {"voice_telephony": {"post_response_timeout_count": 9000}}}
    play.answers(text("A."), configured("merge", post_response_timeout=20.0), context=context)
    assert floor(play).timeout == 20.0


# Speech that is not understood --------------------------------------------------------------------
def test_speech_below_the_threshold_is_not_understood() -> None:
    """It is the turn `no_input`, with the words in `event_data`; at or above the threshold it is speech."""
    play = greeted(confidence_threshold=0.95)
    play.says("Mumble")
    play.saw("ask no_input")
    assert play.asked()["input"]["type"] == "none"
    assert play.asked()["event_data"] == {"utterance": "Mumble", "confidence": 0.9}
    assert play.notes("speech_not_understood")[0]["silent_turns"] == 1


def test_speech_at_the_threshold_is_understood() -> None:
    """The threshold itself is enough."""
    play = greeted(confidence_threshold=0.9)
    play.says("Clear")
    play.saw("ask input: Clear")


def test_the_assistant_sets_the_threshold() -> None:
    """A `configure` moves the threshold of the call."""
    play = greeted()
    play.says("One")
    play.answers(text("A."), configured("merge", confidence_threshold=0.99))
    play.says("Two")
    assert play.asked()["event"] == "no_input"


def test_a_noisy_line_is_let_go() -> None:
    """Speech that is not understood counts as silence: the call ends after `max_silent_turns`."""
    play = greeted(confidence_threshold=0.95, max_silent_turns=2)
    play.says("Noise")
    play.answers(text("Pardon?"))
    play.says("Noise")
    play.saw("ask no_input", "say: Pardon? | listen", "say: Goodbye. | hang up")


def test_noise_while_a_text_is_awaited() -> None:
    """The wait for a text goes on over speech that is not understood, as it does over silence."""
    play = asked_for_text()
    play.rules = greeted(confidence_threshold=0.95).rules
    play.says("Noise")
    play.saw("say: | listen")

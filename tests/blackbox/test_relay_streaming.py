"""An answer that comes in lines is spoken as it comes, once, and cut where the caller cuts in."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.blackbox.driver import Bot, Carrier, Service, until
from tests.blackbox.relay import RelayCall, StreamingBot

Running = tuple[Service, StreamingBot]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """A service whose assistant streams and whose calls a socket carries."""
    monkeypatch.setenv("TANDEM_ASSISTANTS__SUPPORT__PHONE__ENGINE", "relay")
    streaming, silent, carrier = StreamingBot(), Bot(), Carrier()
    monkeypatch.setenv("TANDEM_ASSISTANTS__SUPPORT__BACKEND__URL", f"{streaming.url}/turn")
    service = Service(tmp_path, silent, carrier)
    try:
        yield service, streaming
    finally:
        service.close()
        streaming.close()
        silent.server.close()
        carrier.server.close()


def text(words: str) -> dict[str, str]:
    """A `text` item."""
    return {"response_type": "text", "text": words}


def begin(world: Running, *answers: list[Any]) -> RelayCall:
    """A call that was greeted; the answers come next."""
    service, bot = world
    bot.answers = [[text("Hello.")], *answers]
    call = RelayCall(service)
    call.start()
    call.connect()
    until(lambda: call.heard("Hello."))
    return call


@pytest.mark.parametrize("events", [False, True])
def test_words_are_spoken_before_the_answer_is_whole(world: Running, *, events: bool) -> None:
    """Each line, or event, as it comes, in order, once; the last token closes the cycle; the context is merged."""
    service, bot = world
    bot.events = events
    call = begin(world, [text("One."), 0.8, text("Two."), 0.8, text("Three."), {"context": {"seen": 1}}])
    call.says("count")
    asked = time.perf_counter()
    until(lambda: call.heard("Three."))
    until(lambda: call.frames[-1]["last"])
    spoken = [(frame["token"].strip(), at) for frame, at in zip(call.frames, call.at, strict=True)][1:]
    assert [words for words, _ in spoken if words] == ["One.", "Two.", "Three."]
    first, second, third = (at - asked for words, at in spoken if words)
    print(f"\nfirst token after {first * 1000:.0f} ms, of an answer that takes 1600 ms")
    assert first < 0.6 < second < 1.5 < third
    until(lambda: service.session()["context"] == {"seen": 1})


def test_no_filler_into_an_answer_that_has_begun(world: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """The budget of 4 s passes while the answer comes: nothing is said between its words."""
    call = begin(world, [text("One."), 4.5, text("Two.")])
    call.says("count")
    until(lambda: call.heard("Two."), 8)
    assert "One moment" not in call.spoken
    assert call.spoken.count("One.") == call.spoken.count("Two.") == 1


def test_a_sound_in_the_stream_plays_when_it_comes(world: Running) -> None:
    """Between the words around it, before the answer is whole, and past a text, which leaves at its end."""
    sound = {"response_type": "audio", "source": "https://x.example/a.mp3"}
    sent = {"response_type": "send_text", "text": "The link."}
    call = begin(world, [text("One."), sent, sound, 0.8, text("Two.")])
    call.says("play it")
    until(lambda: bool(call.of("play")))
    assert not call.heard("Two.")
    until(lambda: call.frames[-1].get("last", False))
    kinds = [frame["type"] for frame in call.frames if frame.get("token") != ""]
    assert kinds[1:] == ["text", "play", "text"]
    assert len(call.of("play")) == 1


def test_what_comes_after_the_words_is_decided_first(world: Running) -> None:
    """A hang-up in the stream says its word at the end, and ends the socket once."""
    call = begin(world, [text("One."), {"response_type": "hang_up", "say": "Bye."}, text("Never mind.")])
    call.says("enough")
    until(lambda: call.of("end"), 8)
    assert [frame["token"].strip() for frame in call.of("text") if frame["token"]][1:] == [
        "One.",
        "Bye.",
        "Never mind.",
    ]
    assert len(call.of("end")) == 1


def test_the_rest_of_a_cut_answer_is_not_said(world: Running) -> None:
    """After an interruption nothing more of the answer is spoken, then or at its commit."""
    _, bot = world
    call = begin(world, [text("One."), 0.8, text("Two."), text("Three.")], [text("Yes?")])
    call.says("count")
    until(lambda: call.heard("One."))
    call.send(type="interrupt", utteranceUntilInterrupt="One.", durationUntilInterruptMs=300)
    call.says("wait")
    until(lambda: call.heard("Yes?"))
    assert "Two." not in call.spoken
    assert "Three." not in call.spoken
    assert bot.turns[-1]["event_data"] == {"heard_until_interrupt": "One."}

"""A text that one worker takes is spoken by another, which has the call's socket, at once."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.blackbox.driver import PUBLIC, Bot, Call, Carrier, Service, running, until
from tests.blackbox.relay import RelayCall

TEXTS = 15


@pytest.fixture
def workers(
    tmp_path: Path, redis_server_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Service, Service, Bot]]:
    """Two services on one Redis."""
    monkeypatch.setenv("TANDEM_ASSISTANTS__SUPPORT__PHONE__ENGINE", "relay")
    bot, carrier = Bot(), Carrier()
    (tmp_path / "two").mkdir()
    one = Service(tmp_path, bot, carrier, redis_url=redis_server_url)
    two = Service(tmp_path / "two", bot, carrier, redis_url=redis_server_url)
    try:
        yield one, two, bot
    finally:
        one.close()
        two.close()
        bot.server.close()
        carrier.server.close()


def text(words: str) -> dict[str, str]:
    """A `text` item."""
    return {"response_type": "text", "text": words}


def delays(call: RelayCall, taker: Service, bot: Bot) -> list[float]:
    """Milliseconds from sending each text's webhook to the first word of its answer on the socket."""
    found = []
    for number in range(TEXTS):
        words = f"Answer {number}."
        bot.answers = [[text(words)]]
        began = time.perf_counter()
        taker.text(f"text {number}", sid=f"SM{number:032x}", sender=call.form["From"])
        until(lambda words=words: call.heard(words))  # type: ignore[misc]  # a default binds this round's words
        place = next(n for n, frame in enumerate(call.frames) if words in frame.get("token", ""))
        found.append((call.at[place] - began) * 1000)
    return found


def test_a_text_at_another_worker_is_spoken_at_once(workers: tuple[Service, Service, Bot]) -> None:
    """The hint brings it, not the look that is taken once a second."""
    one, two, bot = workers
    bot.answers = [[text("Hello.")]]
    call = RelayCall(one, sid="CA" + "7" * 32, sender="+15550107777")
    call.start()
    call.connect()
    until(lambda: call.heard("Hello."))
    measured = delays(call, two, bot)
    median = statistics.median(measured)
    print(f"\ntext at one worker, spoken by another: median {median:.0f} ms, most {max(measured):.0f} ms")
    assert median < 300


def test_a_socket_may_come_to_any_worker(workers: tuple[Service, Service, Bot]) -> None:
    """The webhook was answered by one, the socket by the other: the greeting is there."""
    one, two, bot = workers
    bot.answers = [[text("Hello there.")], [text("Yes.")]]
    call = RelayCall(one, sid="CA" + "8" * 32, sender="+15550108888")
    call.start()
    call.connect(two)
    until(lambda: call.heard("Hello there."))
    call.says("anyone?")
    until(lambda: call.heard("Yes."))


def test_a_text_interrupts_a_gather_in_a_moment(tmp_path: Path) -> None:
    """On the embedded store: from the webhook to the carrier's request for the call's next document."""
    with running(tmp_path) as (service, bot, carrier):
        bot.answers = [[text("Hello.")]]
        ana = Call(service)
        ana.start()
        measured = []
        for number in range(TEXTS):
            bot.answers = [[text(f"Answer {number}.")]]
            began = time.perf_counter()
            service.text(f"text {number}", sid=f"SM{number:032x}")
            until(lambda number=number: len(carrier.updates) > number)  # type: ignore[misc]  # as above
            measured.append((carrier.updated_at[number] - began) * 1000)
            ana.fetch(carrier.updates[number][1]["Url"])
            assert ana.heard[-1] == f"Answer {number}."
        median = statistics.median(measured)
        print(f"\ntext to the carrier's update: median {median:.0f} ms, most {max(measured):.0f} ms")
        assert all(update["Url"].startswith(PUBLIC) for _, update in carrier.updates)
        assert median < 300

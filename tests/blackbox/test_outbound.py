"""Calls of ours from outside: out of a thread, by the API, and a hang-up that was never told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.blackbox.driver import ANA, NUMBER, PUBLIC, Call, Carrier, Service, running, until

CALL_ME = [{"response_type": "switch_channel", "to": "voice", "text": "Calling you now."}]
HELLO = [{"response_type": "text", "text": "Hello, about your text."}]


class OurCall(Call):
    """A call that the service placed, as the carrier tells of it: from our number to the customer's."""

    def __init__(self, service: Service, carrier: Carrier, place: int = 0) -> None:
        super().__init__(service, f"CA{place + 1:032x}")
        self.placed = carrier.calls[place]
        self.form |= {"From": NUMBER, "To": ANA, "Direction": "outbound-api", "CallStatus": "in-progress"}

    def is_answered(self) -> None:
        """The customer picks up: the address of the request is fetched."""
        self.request(self.placed["Url"])

    def ends(self, status: str) -> None:
        """The status callback of the request is told the end."""
        form = {**self.form, "CallStatus": status, "CallDuration": "9"}
        assert self.service.post(self.placed["StatusCallback"], form).status_code == 204


@pytest.mark.parametrize("store", ["memory", "redis"])
def test_a_thread_becomes_a_call_and_goes_on_by_text(
    store: str, tmp_path: Path, redis_server_url: str
) -> None:
    """The customer texts "call me": the phone rings; the call is of the same session and context; after it on by text."""
    url = "memory://" if store == "memory" else redis_server_url
    with running(tmp_path, redis_url=url) as (service, bot, carrier):
        first = {"responses": CALL_ME, "context": {"topic": "address"}}
        bot.answers = [first, HELLO, [], [{"response_type": "text", "text": "Yes, noted."}]]
        service.text("Call me")
        until(lambda: len(carrier.calls) == 1)
        placed = carrier.calls[0]
        assert (placed["To"], placed["From"]) == (ANA, NUMBER)
        assert placed["Url"].startswith(f"{PUBLIC}/twilio/voice?")
        until(lambda: service.session()["state"] == "dialing")
        until(lambda: (service.session()["call"] or {}).get("call_sid") == "CA" + "1".rjust(32, "0"))

        ana = OurCall(service, carrier)
        ana.is_answered()
        assert ana.heard == ["Hello, about your text."]
        session = until(lambda: service.session()["state"] == "in_call_and_text" and service.session())
        assert session["call"]["direction"] == "outbound"
        assert session["context"] == {"topic": "address"}
        assert bot.turns[1]["context"] == {"topic": "address"}

        ana.ends("completed")
        until(lambda: service.session()["state"] == "text_only")
        service.text("Is it noted?", sid="SM" + "2" * 32)
        until(lambda: len(carrier.messages) == 2)
        assert [message["Body"] for message in carrier.messages] == ["Calling you now.", "Yes, noted."]
        assert [turn["event"] for turn in bot.turns] == [None, "call_started", "call_ended", None]
        assert {turn["session_id"] for turn in bot.turns} == {session["id"]}
        assert len(carrier.calls) == 1


def test_a_call_by_the_api(tmp_path: Path) -> None:
    """The answer names session and call; a second call is refused while it lives; busy is told."""
    with running(tmp_path) as (service, bot, carrier):
        body = {"assistant": "support", "to": ANA, "context": {"why": "recall"}}
        answer = service.api("POST", "/calls", json=body, headers={"Idempotency-Key": "k"})
        assert answer.status_code == 202
        assert answer.json()["call_sid"] == "CA" + "1".rjust(32, "0")
        assert (
            service.api("POST", "/calls", json=body, headers={"Idempotency-Key": "k"}).json() == answer.json()
        )
        refused = service.api("POST", "/calls", json=body)
        assert (refused.status_code, refused.json()["code"]) == (409, "call_live")
        assert len(carrier.calls) == 1
        OurCall(service, carrier).ends("busy")
        until(lambda: bot.turns)
        turn = bot.turns[0]
        assert (turn["event"], turn["event_data"]) == ("call_failed", {"reason": "busy"})
        assert (turn["session_id"], turn["context"]) == (answer.json()["session_id"], {"why": "recall"})
        assert ANA not in service.said()


def test_a_hang_up_that_was_never_told_is_looked_up(tmp_path: Path) -> None:
    """The call's last document has run and 30 s are over: the carrier is asked, and the call is `lost`."""
    with running(tmp_path) as (service, bot, carrier):
        bot.answers = [[{"response_type": "hang_up", "say": "Bye."}]]
        ana = Call(service)
        carrier.standing[ana.sid] = "completed"
        ana.start()
        assert ana.ended
        until(lambda: len(bot.turns) == 2, 40)
        assert carrier.looked_up == [ana.sid]
        assert (bot.turns[1]["event"], bot.turns[1]["event_data"]) == ("call_ended", {"reason": "lost"})

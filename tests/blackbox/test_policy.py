"""Who may start by text, row by row, from outside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.blackbox.driver import Bot, Call, Carrier, Service, running, until

HELLO = [{"response_type": "text", "text": "Hello"}]


def refusals(service: Service) -> list[dict[str, Any]]:
    """The list of what was turned away."""
    found: list[dict[str, Any]] = service.api("GET", "/refusals").json()["refusals"]
    return found


def quiet(bot: Bot, carrier: Carrier) -> bool:
    """Whether nobody was asked and nothing was sent."""
    return not bot.turns and not carrier.messages


def test_row_4_a_text_opens_a_session_where_it_may(tmp_path: Path) -> None:
    """With the option on, a text out of the blue opens a session and is answered by text."""
    with running(tmp_path) as (service, bot, carrier):
        bot.answers = [HELLO]
        service.text("anyone there?")
        until(lambda: len(carrier.messages) == 1)
        assert service.session()["state"] == "text_only"
        assert bot.turns[0]["event"] is None
        assert bot.turns[0]["channel"] == "sms"


def test_row_7_refuses_and_keeps_it_in_sight(tmp_path: Path) -> None:
    """With the option off and no call, a text is refused, told at most once, and on record."""
    with running(tmp_path, initiate_from_inbound="off", refusal_message="Please call us first.") as (
        service,
        bot,
        carrier,
    ):
        answer = service.text("hello?")
        assert answer.status_code == 200
        until(lambda: len(carrier.messages) == 1)
        service.text("anyone?", sid="SM" + "2" * 32)
        listed = until(lambda: len(refusals(service)) == 2 and refusals(service))
        assert {entry["reason"] for entry in listed} == {"no_live_call"}
        assert listed[0]["message_sid"] == "SM" + "2" * 32
        assert [message["Body"] for message in carrier.messages] == ["Please call us first."]
        assert not bot.turns
        assert service.api("GET", "/sessions").json()["sessions"] == []


def test_row_3_a_live_call_takes_texts(tmp_path: Path) -> None:
    """With the option off, a text during a call is a turn of it, and refused again once it is over."""
    with running(tmp_path, initiate_from_inbound="off") as (service, bot, carrier):
        bot.answers = [HELLO, HELLO]
        ana = Call(service)
        ana.start()
        service.text("in the call")
        until(lambda: len(carrier.updates) == 1)
        ana.hangs_up()
        until(lambda: len(bot.turns) == 3)
        until(lambda: service.session("ended")["state"] == "ended")
        service.text("after the call", sid="SM" + "3" * 32)
        until(lambda: len(refusals(service)) == 1)
        assert len(bot.turns) == 3


def test_row_5_we_began_or_asked(tmp_path: Path) -> None:
    """With the option off, a thread that we opened through the API takes the reply."""
    with running(tmp_path, initiate_from_inbound="off") as (service, bot, carrier):
        bot.answers = [HELLO]
        opened = service.api(
            "POST",
            "/messages",
            json={"assistant": "support", "to": "+1 555 010 1234", "text": "Your order is here."},
        )
        assert opened.status_code == 202
        until(lambda: len(carrier.messages) == 1)
        service.text("great")
        until(lambda: len(carrier.messages) == 2)
        assert bot.turns[0]["session_id"] == opened.json()["session_id"]


def test_row_6_shortly_after_a_call(tmp_path: Path) -> None:
    """With the option off and continue_after_call set, a text soon after a call is taken."""
    with running(tmp_path, initiate_from_inbound="off", continue_after_call="1m") as (service, bot, carrier):
        bot.answers = [HELLO, [], HELLO]
        ana = Call(service)
        ana.start()
        ana.hangs_up()
        until(lambda: len(bot.turns) == 2)
        service.text("one more thing")
        until(lambda: len(carrier.messages) == 1)


def test_rows_1_and_2_keywords_and_opted_out_customers(tmp_path: Path) -> None:
    """STOP is consent, no turn; afterwards a text is refused as opted_out; START takes it back."""
    with running(tmp_path, refusal_message="no") as (service, bot, carrier):
        service.text(" Stop! ")
        service.text("hello", sid="SM" + "2" * 32)
        until(lambda: [entry["reason"] for entry in refusals(service)] == ["opted_out"])
        assert quiet(bot, carrier)
        denied = service.api(
            "POST", "/messages", json={"assistant": "support", "to": "+15550101234", "text": "x"}
        )
        assert denied.status_code == 409
        assert denied.json()["code"] == "opted_out"
        service.text("yes", sid="SM" + "3" * 32)
        bot.answers = [HELLO]
        service.text("hello again", sid="SM" + "4" * 32)
        until(lambda: len(carrier.messages) == 1)

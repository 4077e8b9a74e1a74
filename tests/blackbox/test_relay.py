"""ConversationRelay from outside: an independent WebSocket client against `tandem serve`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.blackbox.driver import PUBLIC, Bot, Carrier, Service, running, until
from tests.blackbox.relay import SOCKET, RelayCall, headers, open_socket, relay_of

Running = tuple[Service, Bot, Carrier]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """A service whose calls a socket carries."""
    monkeypatch.setenv("TANDEM_ASSISTANTS__SUPPORT__PHONE__ENGINE", "relay")
    with running(tmp_path) as everything:
        yield everything


def text(words: str) -> dict[str, str]:
    """A `text` item."""
    return {"response_type": "text", "text": words}


def closed(call: RelayCall) -> int:
    """The code that the socket was closed with."""
    assert call.socket is not None
    with contextlib.suppress(ConnectionClosed):
        for _ in range(50):
            call.socket.recv(timeout=5)
    assert call.socket.protocol.close_code is not None
    return int(call.socket.protocol.close_code)


def test_a_call_is_handed_to_its_socket_and_greeted_there(world: Running) -> None:
    """The document names the socket and its action; the greeting and the answers are tokens."""
    service, bot, _ = world
    bot.answers = [[text("Hello, this is Acme.")], [text("You said move."), text("When?")]]
    call = RelayCall(service)
    relay = call.start()
    assert relay.attrib["url"] == "wss://voice.example.com/twilio/voice/relay/support"
    assert relay.attrib["dtmfDetection"] == "true"
    call.connect()
    until(lambda: call.heard("Hello, this is Acme."))
    assert call.frames[-1] == {
        "type": "text",
        "token": "Hello, this is Acme.",
        "last": True,
        "preemptible": True,
    }
    call.send(type="prompt", voicePrompt="I mo", lang="en-US", last=False)
    call.says("I move")
    until(lambda: call.heard("When?"))
    assert [turn["input"]["text"] for turn in bot.turns] == ["", "I move"]
    assert [frame["last"] for frame in call.of("text")[-2:]] == [False, True]
    assert service.session()["state"] == "in_call"


def test_a_text_during_the_call_is_spoken_without_a_prompt(world: Running) -> None:
    """Its answer comes over the socket, by no request to the carrier."""
    service, bot, carrier = world
    bot.answers = [[text("Hello.")], [text("Thank you for the text.")]]
    call = RelayCall(service)
    call.start()
    call.connect()
    until(lambda: call.heard("Hello."))
    service.text("12 Main St")
    until(lambda: call.heard("Thank you for the text."))
    assert carrier.updates == []
    assert carrier.messages == []


def test_keys_are_gathered(world: Running) -> None:
    """Keys up to the finishing one are one turn."""
    service, bot, _ = world
    bot.answers = [[text("Hello.")], [text("Got them.")]]
    call = RelayCall(service)
    call.start()
    call.connect()
    until(lambda: call.heard("Hello."))
    for digit in "42#":
        call.send(type="dtmf", digit=digit)
    until(lambda: call.heard("Got them."))
    assert bot.turns[-1]["input"] == {"type": "dtmf", "text": "42", "confidence": None, "media": []}


def test_an_interruption_cuts_the_history_to_what_was_heard(world: Running) -> None:
    """The next turn tells what the caller had heard, and the timeline keeps it."""
    service, bot, _ = world
    bot.answers = [[text("A very long story about the move.")], [text("Yes?")]]
    call = RelayCall(service)
    call.start()
    call.connect()
    until(lambda: call.heard("the move."))
    call.send(type="interrupt", utteranceUntilInterrupt="A very long", durationUntilInterruptMs=800)
    call.says("stop it")
    until(lambda: call.heard("Yes?"))
    assert bot.turns[-1]["event_data"] == {"heard_until_interrupt": "A very long"}
    session = service.session()["id"]
    events = service.api("GET", f"/sessions/{session}/events").json()["events"]
    assert [event["data"] for event in events if event["type"] == "answer_cut"] == [{"heard": "A very long"}]


@pytest.mark.parametrize(
    ("item", "verb"),
    [
        ({"response_type": "hang_up", "say": "Bye now."}, "Hangup"),
        ({"response_type": "transfer", "to": "+15550105555", "say": "Bye now."}, "Dial"),
    ],
)
def test_what_ends_the_socket_is_carried_out_by_its_action(
    world: Running, item: dict[str, str], verb: str
) -> None:
    """The words go over the socket, then `end`; the action hangs up or dials, and says nothing again."""
    service, bot, _ = world
    bot.answers = [[text("Hello.")], [item]]
    call = RelayCall(service)
    call.start()
    call.connect()
    until(lambda: call.heard("Hello."))
    call.says("that is all")
    until(lambda: call.of("end"))
    assert call.heard("Bye now.")
    document = call.action("ended", call.of("end")[0]["handoffData"])
    assert [element.tag for element in document] == [verb]
    if verb == "Dial":
        assert document[0].findtext("Number") == "+15550105555"
        assert service.session()["state"] == "transferring"
        answer = service.post(document[0].attrib["action"], {**call.form, "DialCallStatus": "busy"})
        assert "Sorry, nobody could take the call." in answer.text


def test_a_failed_transfer_comes_back_to_a_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The assistant's words on it are said over the next socket."""
    monkeypatch.setenv("TANDEM_ASSISTANTS__SUPPORT__PHONE__ENGINE", "relay")
    monkeypatch.setenv("TANDEM_ASSISTANTS__SUPPORT__PHONE__DISCONNECT_ON_TRANSFER_FAILURE", "off")
    with running(tmp_path) as (service, bot, _):
        bot.answers = [[{"response_type": "transfer", "to": "+15550105555"}], [text("Nobody is there.")]]
        call = RelayCall(service)
        call.start()
        call.connect()
        until(lambda: call.of("end"))
        document = call.action("ended", call.of("end")[0]["handoffData"])
        relay_of(service.post(document[0].attrib["action"], {**call.form, "DialCallStatus": "busy"}).text)
        call.connect()
        until(lambda: call.heard("Nobody is there."))


def test_a_lost_socket_is_followed_by_another_of_the_same_session(world: Running) -> None:
    """The action answers a new <Connect>; what was said is not said again, what came meanwhile is."""
    service, bot, _ = world
    bot.answers = [[text("Hello.")], [text("Answer to the text.")], [text("Still here.")]]
    call = RelayCall(service)
    call.start()
    call.connect()
    until(lambda: call.heard("Hello."))
    session = service.session()["id"]
    call.drop()
    service.text("are you there")
    until(lambda: len(bot.turns) == 2)
    document = call.action("failed", ErrorCode="39001")
    assert document.find("Connect/ConversationRelay") is not None
    call.connect()
    until(lambda: call.heard("Answer to the text."))
    call.says("hello?")
    until(lambda: call.heard("Still here."))
    assert service.session()["id"] == session
    assert call.spoken.count("Hello.") == 1


def test_the_answer_to_a_text_goes_by_text_when_the_call_ended_with_the_socket(world: Running) -> None:
    """Nobody heard it, so that it is sent."""
    service, bot, carrier = world
    bot.answers = [[text("Hello.")], [text("Answer to the text.")]]
    call = RelayCall(service)
    call.start()
    call.connect()
    until(lambda: call.heard("Hello."))
    call.drop()
    service.text("are you there")
    until(lambda: len(bot.turns) == 2)
    until(lambda: service.session()["call"]["state"] == "listening")
    assert len(call.action("completed", CallStatus="completed")) == 0
    until(lambda: [message["Body"] for message in carrier.messages] == ["Answer to the text."])
    assert bot.turns[-1]["event"] == "call_ended"


def test_who_is_let_in(world: Running) -> None:
    """Unknown assistants and wrong or missing signatures are refused before the upgrade."""
    service, _, _ = world
    for path, token, status in (
        ("/twilio/voice/relay/nobody", None, 404),
        ("/twilio/voice/relay/support", "bm90IHNpZ25lZA==", 403),
        ("/twilio/voice/relay/support", "none", 403),
    ):
        with pytest.raises(InvalidStatus) as refused:
            open_socket(service, path, token)
        assert refused.value.response.status_code == status


def test_a_signature_over_a_slash_at_the_end(world: Running) -> None:
    """The carrier signs some addresses with a slash behind them: the socket opens."""
    service, _, _ = world
    signed = headers(f"{SOCKET}/")["X-Twilio-Signature"]
    assert open_socket(service, token=signed).state.name == "OPEN"


def test_a_setup_of_a_call_that_we_did_not_answer_is_closed(world: Running) -> None:
    """1008, and what comes before `setup` is ignored."""
    service, _, _ = world
    call = RelayCall(service, sid="CA" + "9" * 32)
    call.socket = open_socket(service)
    call.says("before the setup")
    call.send(type="setup", callSid=call.sid, to=call.form["To"], **{"from": call.form["From"]})
    assert closed(call) == 1008


def test_ten_frames_that_are_no_json_close_the_socket(world: Running) -> None:
    """1007; nine, and one that is, do not."""
    service, bot, _ = world
    bot.answers = [[text("Hello.")], [text("Yes.")]]
    call = RelayCall(service)
    call.start()
    call.connect()
    until(lambda: call.heard("Hello."))
    assert call.socket is not None
    for _ in range(9):
        call.socket.send("{")
    call.says("still there?")
    until(lambda: call.heard("Yes."))
    for _ in range(10):
        call.socket.send("no json")
    until(lambda: call.socket is not None and call.socket.protocol.close_code == 1007)


def test_public_address(world: Running) -> None:
    """The action is at the public address."""
    service, _, _ = world
    answer = service.post("/twilio/voice", RelayCall(service).form).text
    assert f'action="{PUBLIC}/twilio/voice/relay/action"' in answer

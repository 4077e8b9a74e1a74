"""What the stage promises beyond verbs: virtual time, the same run every time, no way out of the machine,
assistants that answer themselves, and what a play went through.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from orchestrator.core import rules
from orchestrator.core.machinery import guard_of
from orchestrator.scenarios.format import parse
from orchestrator.scenarios.stage import Configuration, Transition, run
from orchestrator.scenarios.stage.loop import OutsideError, StuckError, VirtualLoop
from tests.scenarios.format.plays import DESIGN
from tests.scenarios.stage.plays import perform, perform_text, why, written

CALL = 'Ana calls\nbot says: "Hello."\n'
TEXT = 'Ana texts: hi\nbot texts: "Hello."\n'
SERVED = """
service: {{public_url: 'https://tandem.test', redis_url: 'memory://', api_token: t}}
assistants:
  first:
    backend: {{kind: http, url: '{url}', secret: 'whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ='}}
    phone: {{numbers: [+19585550123], account_sid: AC0123456789abcdef0123456789abcdef, auth_token: x}}
    messaging: {{numbers: [+19585550124], account_sid: AC0123456789abcdef0123456789abcdef, auth_token: x}}
"""


# ---- time ---------------------------------------------------------------------------------------
def test_a_day_costs_no_more_than_a_moment() -> None:
    """Waiting jumps from timer to timer: 23 hours take no longer than a second."""
    short = [perform(TEXT + "wait: 1s").real for _ in range(3)]
    long = [perform(TEXT + "wait: 23h\nexpect: { timers: { session: 1h } }").real for _ in range(3)]
    assert min(long) < 2 * min(short) + 0.05


def test_only_wait_moves_the_clock() -> None:
    """Calls, texts and answers take no virtual time; what was waited for is what went by."""
    assert perform(CALL + "Ana texts: hi\nbot says: Hm.\nwait: 3s\nAna hangs up").virtual == pytest.approx(
        3.0
    )


def test_timers_fire_one_by_one_in_order() -> None:
    """Each timer of a wait fires at its own moment, before the next one."""
    steps = CALL + (
        "Ana says: hm\n"
        'bot asks for a text: { text: "A?", say: B., reminder: { after: 30s, say: C. } }\n'
        "wait: 10m\nAna hears: C.\nAna hears: Goodbye."
    )
    outcome = perform(steps)
    told = [
        (round(each.at) % 3600, each.sentence)
        for each in outcome.timeline
        if each.sentence.startswith("Ana hears")
    ]
    assert why(outcome) == ""
    assert told[2:] == [(30, 'Ana hears "C."'), (141, 'Ana hears "Goodbye."')]


def test_a_play_is_the_same_every_time() -> None:
    """Two runs tell the same story, to the id and the moment."""
    first, second = perform_text(DESIGN["address"]), perform_text(DESIGN["address"])
    assert (first.timeline, first.coverage) == (second.timeline, second.coverage)


def test_times_of_day_are_those_of_the_zone() -> None:
    """`clock` names the zone that hours are counted in."""
    late = perform(
        TEXT, "clock: 2026-03-02 21:30 Europe/Berlin\nnever:\n  - a text is sent between: 21:00-08:00"
    )
    early = perform(TEXT, "clock: 2026-03-02 21:30 UTC\nnever:\n  - a text is sent between: 20:00-21:00")
    assert why(late).endswith("a text to Ana at 21:30:00 (line 5)")
    assert why(early) == ""


def test_a_loop_where_nothing_can_happen_says_so() -> None:
    """Waiting for what never comes ends at once, with an error."""
    loop = VirtualLoop()
    try:
        with pytest.raises(StuckError):
            loop.run_until_complete(loop.create_future())
    finally:
        loop.close()


# ---- the machine's borders ----------------------------------------------------------------------
def test_no_socket_is_opened() -> None:
    """A connection from a play's loop is refused, and remembered."""
    loop = VirtualLoop()
    try:
        with pytest.raises(OutsideError):
            loop.run_until_complete(asyncio.open_connection("192.0.2.1", 80))
        assert loop.attempts == ["192.0.2.1"]
    finally:
        loop.close()


def test_an_assistant_off_the_machine_fails_the_play() -> None:
    """An assistant that answers itself must stand on this machine."""
    served = Configuration(SERVED.format(url="https://bot.example.com/turn"), "tandem.yaml")
    outcome = perform("Ana texts: hi", live="first", configuration=served)
    assert why(outcome).startswith("4: a connection off the machine was tried: bot.example.com")


# ---- assistants that answer themselves ----------------------------------------------------------
class _Bot(BaseHTTPRequestHandler):
    """Says what it was told, in real time."""

    def do_POST(self) -> None:
        """One turn."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        said = {"call_started": "Hello."}.get(asked["event"]) or f"You said {asked['input']['text']}."
        items = [{"response_type": "text", "text": said}] if asked["event"] != "call_ended" else []
        answer = json.dumps({"responses": items}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def bot_url() -> Iterator[str]:
    """A bot on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Bot)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/turn"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_assistant_of_the_configuration_is_checked_by_the_same_lines(bot_url: str) -> None:
    """With `live`, `bot` lines only check what the assistant of the configuration says, over real HTTP."""
    served = Configuration(SERVED.format(url=bot_url), "tandem.yaml")
    steps = "Ana calls\nbot says: { about: hello }\nAna says: one\nbot says: You said one.\nAna hangs up\n"
    right = perform(steps, live="first", configuration=served)
    wrong = perform(steps + "Ana texts: two\nbot texts: You said three.", live="first", configuration=served)
    assert (why(right), right.virtual) == ("", 0.0)
    assert why(wrong).startswith(
        '10: bot texts: it did not arrive | "You said three." | Ana receives "You said two."'
    )


def test_the_play_answers_for_any_assistant_of_the_configuration() -> None:
    """Without `live` the play gives the answers, whoever the configuration names, on its numbers."""
    served = Configuration(SERVED.format(url="https://bot.example.com/turn"), "tandem.yaml")
    assert why(perform(CALL + "Ana hangs up\n" + TEXT, configuration=served)) == ""


@pytest.mark.parametrize("engine", ["gather", "relay"])
def test_a_service_behind_a_path_is_reached(engine: str) -> None:
    """A `public_url` with a path stands for a proxy that takes it off; signatures are over the whole."""
    text = SERVED.format(url="https://bot.example.com/turn").replace("tandem.test", "tandem.test/tandem")
    served = Configuration(text, "tandem.yaml")
    steps = CALL + "Ana says: text me\nbot texts: Here.\nexpect: { texts: 1, state: in_call_and_text }"
    assert why(perform(steps, f"settings: {{ phone.engine: {engine} }}", configuration=served)) == ""


def test_settings_are_the_scenarios_own() -> None:
    """An override holds for one play; one that the configuration refuses fails at its place."""
    text = 'settings: { phone.filler_message: "Just a second." }'
    slow = CALL + 'Ana says: hm\nbot takes: 6s\nbot says: Found.\nwait: 6s\nAna hears: "Just a second."'
    assert why(perform(slow, text)) == ""
    assert why(perform(slow)).startswith("10: Ana hears something else")


def test_a_recording_answers_in_its_order() -> None:
    """Answers that were recorded are given turn by turn; `bot` lines only check, and may be likenesses."""
    answers = [
        {"responses": [{"response_type": "text", "text": words}]} for words in ("Hello there.", "Bye.")
    ]
    play = parse(written("Ana calls\nbot says: { about: hello there }\nAna says: hm\nbot says: Bye.")).plays[
        0
    ]
    assert why(run(play, recording=answers)) == ""
    assert why(run(play, recording=answers[:1])).startswith('7: bot says: it did not arrive | "Bye."')


# ---- what a play went through -------------------------------------------------------------------
def test_coverage_names_states_transitions_events_and_reasons() -> None:
    """A run tells the states, rows, timeline lines and reasons that it went through."""
    found = perform(
        CALL + "Ana says: hm\nAna hangs up\nAna texts: hi", "given: { consent: opted_out }"
    ).coverage
    assert {"idle", "in_call", "ended"} <= found.states.keys()
    assert found.machines.keys() >= {"call:none", "call:listening", "call:thinking", "consent:opted_out"}
    assert Transition("call", "CallStarted", "is_inbound", "none", "thinking") in found.transitions
    assert {"session_opened", "text_refused", "in:SpeechHeard"} <= found.events.keys()
    assert found.reasons["refused:opted_out"] == 1


def test_every_transition_that_is_told_stands_in_the_tables() -> None:
    """What coverage names can be found in the rows of the rules."""
    tables = {"call": rules.CALL, "thread": rules.THREAD, "consent": rules.CONSENT}
    known = {(machine, row["trigger"], guard_of(row)) for machine, rows in tables.items() for row in rows}
    took = {
        (each.machine, each.trigger, each.guard)
        for each in perform_text(DESIGN["address"]).coverage.transitions
    }
    assert took <= known
    assert len(took) > 5


def test_sixty_plays_take_less_than_ten_seconds() -> None:
    """A play costs at most a sixth of a second of this processor's time."""
    spent = []
    for _ in range(4):  # the first one also loads what all need
        began = time.process_time()
        perform_text(DESIGN["address"])
        spent.append(time.process_time() - began)
    assert min(spent) < 10 / 60


def test_a_script_that_answers_itself_is_checked_and_its_steps_are_covered() -> None:
    """The scripted assistant of the configuration answers; what it went through stands in the coverage."""
    outcome = perform(
        "Ana calls\nbot says: { contains: corner shop }\nAna says: I moved house", live="support"
    )
    assert outcome.coverage.nodes["demo.yaml: welcome"] == 1
    assert why(outcome).startswith("6: Ana")  # its answer to what was said is mentioned by no line


def test_whoever_an_assistant_transfers_to_has_a_phone_that_rings() -> None:
    """A transfer that no line `bot transfers to` foretells, as of an assistant that answers itself, rings, too."""
    item = "{response_type: transfer, to: 'sip:desk@pbx.example.com'}"
    steps = f"Ana calls\nbot answers: {item}\nexpect: {{state: transferring}}\nAna hangs up"
    assert why(perform(steps)) == ""

"""Documents of a call: what nothing proves to have run is said again, and nothing else is."""

from __future__ import annotations

from orchestrator.core import events, items
from orchestrator.core.effects import Answer, InterruptCall, Say
from tests.core.play import Play, text
from tests.core.scenes import greeted


def interrupted(words: str = "Got your text.") -> Play:
    """A call that is told to fetch the answer to a text, and has not fetched it yet."""
    play = greeted()
    play.texts("Hi")
    play.answers(text(words))
    play.saw("ask text_reply: Hi", "interrupt")
    return play


def fetch(play: Play, document: int, round_: int = 0) -> None:
    """The carrier fetches by an address that carries this document number."""
    facts = play.facts(call_sid=play.sid, document=document, round=round_)
    play.take(events.DocumentRequested(**facts))


def test_each_document_has_the_next_number_and_names_its_turn() -> None:
    """Documents of a call count from 1, also those that wait for a fetch; a document names the turn it answers."""
    play = interrupted()
    turn = play.asked()["turn_id"]
    play.fetches()
    made = [effect.document for effect in play.effects if isinstance(effect, Answer)]
    assert [document.number for document in made] == [1, 2]
    assert made[1].turn_id == turn
    asked = [effect.document for effect in play.effects if isinstance(effect, InterruptCall)]
    assert asked == [2]


def test_repeated_fetch_gets_the_same_words() -> None:
    """A fetch that comes again before anything proves its document is served the same words."""
    play = interrupted()
    fetch(play, 2)
    fetch(play, 2)
    play.saw("say: Got your text. | listen", "say: Got your text. | listen")
    play.says("Fine")
    play.answers(text("Good."))
    play.saw("ask input: Fine", "say: Good. | listen")


def test_fetch_of_an_older_address_gets_the_newest_document() -> None:
    """What is served is chosen when it is fetched: the newest, with the words of both that wait."""
    play = interrupted("One.")
    play.texts("And?")
    play.answers(text("Two."))
    fetch(play, 2)
    play.saw("ask text_reply: And?", "interrupt", "say: One. Two. | listen")
    fetch(play, 3)
    play.saw("say: One. Two. | listen")


def test_speech_that_crosses_an_interruption() -> None:
    """Words that wait go out on the caller's own request; what was said is the next turn; nothing is said twice."""
    play = interrupted()
    play.says("Hello?")
    play.saw("say: Got your text. | go on", "ask input: Hello?")
    play.answers(text("Yes?"))
    play.saw()
    fetch(play, 3, 1)
    play.says("Fine")
    play.answers(text("Good."))
    play.saw("say: Yes? | listen", "ask input: Fine", "say: Good. | listen")


def test_silence_that_crosses_an_interruption() -> None:
    """Silence of a replaced document is no turn: its request is answered with the words that wait."""
    play = interrupted()
    play.is_silent()
    play.saw("say: Got your text. | listen")
    fetch(play, 2)
    play.is_silent(document=1)
    play.saw("say: Got your text. | listen", "say: Got your text. | listen")
    play.is_silent(document=2)
    play.saw("ask no_input")


def test_interruption_that_cuts_the_crossing_answer() -> None:
    """If the interruption still arrives, the words of the cut document are said again, then the answer."""
    play = interrupted()
    play.says("Hello?")
    fetch(play, 2)
    play.saw("say: Got your text. | go on", "ask input: Hello?", "say: Got your text. | go on")
    play.answers(text("Yes?"))
    fetch(play, 3, 1)
    play.saw("say: Yes? | listen")


def test_late_turn_of_a_replaced_document() -> None:
    """Speech to a document that was just replaced is a turn; its answer is fetched, since its request is dead."""
    play = interrupted()
    fetch(play, 2)
    play.says("I was saying", document=1)
    play.saw("say: Got your text. | listen", "say: Got your text. | go on", "ask input: I was saying")
    play.answers(text("Go on."))
    play.saw("interrupt")
    play.fetches()
    play.saw("say: Got your text. Go on. | listen")
    play.says("Well")
    play.answers(text("Yes."))
    play.saw("ask input: Well", "say: Yes. | listen")


def test_text_cuts_a_document_on_purpose() -> None:
    """A text that cuts a document which the carrier fetched replaces it: its words are not said again."""
    play = interrupted("A long story.")
    fetch(play, 2)
    play.texts("Short please")
    play.answers(text("Yes."))
    fetch(play, 3)
    play.saw("say: A long story. | listen", "ask text_reply: Short please", "interrupt", "say: Yes. | listen")


def test_text_right_after_a_greeting_does_not_repeat_it() -> None:
    """The document that a text interrupts was answered to the carrier: it is cut, not said again."""
    play = greeted()
    play.texts("Hi")
    play.answers(text("Hello there."))
    fetch(play, 2)
    play.saw("ask text_reply: Hi", "interrupt", "say: Hello there. | listen")


def test_fetch_with_nothing_new_gives_the_floor() -> None:
    """A fetch of what is proven to have run gives the caller the floor."""
    play = greeted()
    play.says("Hm")
    play.answers(text("Yes?"))
    play.is_silent()
    play.answers()
    fetch(play, 3, 1)
    play.saw("ask input: Hm", "say: Yes? | listen", "ask no_input", "say: | listen", "say: | listen")


def test_interruption_is_over_once_a_later_request_came() -> None:
    """An interruption that was not needed any more does not put later answers at risk."""
    play = interrupted()
    play.says("Hello?")
    play.answers(text("Yes?"))
    fetch(play, 3, 1)
    play.says("Fine")
    play.answers(text("Good."))
    play.texts("Thanks")
    play.answers(text("Welcome."))
    play.saw(
        "say: Got your text. | go on",
        "ask input: Hello?",
        "say: Yes? | listen",
        "ask input: Fine",
        "say: Good. | listen",
        "ask text_reply: Thanks",
        "interrupt",
    )
    fetch(play, 5)
    play.saw("say: Welcome. | listen")


def test_call_that_ends_before_an_answer_to_a_text_was_fetched() -> None:
    """That answer goes by SMS, as text; the end of the call is a turn after it."""
    play = interrupted("See <b>this</b>: it &amp; that.")
    play.hangs_up()
    play.saw("text: See this: it & that.", "ask call_ended")


def test_call_that_ends_after_the_fetch_sends_nothing() -> None:
    """An answer that the carrier fetched is not sent again."""
    play = interrupted()
    fetch(play, 2)
    play.hangs_up()
    play.saw("say: Got your text. | listen", "ask call_ended")


def test_call_that_ends_before_an_answer_to_speech_was_fetched() -> None:
    """Answers to speech are dropped with the reason `call_ended`."""
    play = greeted()
    play.says("Hm")
    play.is_slow()
    play.answers(text("At last."))
    play.hangs_up()
    play.saw("ask input: Hm", "say: One moment, please. | go on", "ask call_ended")
    assert play.notes("answer_dropped") == [{"reason": "call_ended"}]


def test_answer_to_a_text_that_can_not_be_sent_is_dropped() -> None:
    """With the customer opted out meanwhile the unheard answer is dropped, on record."""
    play = interrupted()
    play.texts("STOP")
    play.hangs_up()
    play.saw("ask call_ended")
    assert play.notes("answer_dropped") == [{"reason": "call_ended"}]


def test_answer_after_the_end_of_the_call() -> None:
    """An answer to a text that comes after the call's end goes by SMS, one to speech is skipped."""
    play = greeted()
    play.texts("Hi")
    turn = play.session.turn
    play.session = type(play.session)(
        **{name: getattr(play.session, name) for name in play.session.__slots__} | {"call_state": "ended"}
    )
    play.answers(text("By text then."), items.HangUp())
    play.saw("ask text_reply: Hi", "text: By text then.")
    assert turn is not None
    assert [note["reason"] for note in play.notes("item_skipped")] == ["no_live_call"]


def test_answer_comes_while_the_carrier_fetches_by_itself() -> None:
    """A call that waits with a filler is not interrupted: it fetches text answers and its own, in order."""
    play = greeted()
    play.says("Hm")
    play.is_slow()
    play.answers(text("One."))
    play.texts("Hi")
    play.answers(text("Two."))
    play.saw("ask input: Hm", "say: One moment, please. | go on", "ask text_reply: Hi")
    play.fetches()
    play.saw("say: One. Two. | listen")


def test_words_that_wait_are_words_only() -> None:
    """A document without words puts nothing at risk: speech that crosses it is answered on its own request."""
    play = greeted()
    play.says("Text me")
    play.answers(items.AskForText(text="Address?"))
    play.rings("text_reply")
    play.answers()
    play.says("Hello?")
    play.answers(text("Yes?"))
    play.saw(
        "ask input: Text me",
        "text: Address?",
        "say: | listen",
        "ask text_reply_timeout",
        "interrupt",
        "ask input: Hello?",
        "say: Yes? | listen",
    )
    assert play.heard is not None
    assert play.heard.verbs == (Say(text="Yes?"),)

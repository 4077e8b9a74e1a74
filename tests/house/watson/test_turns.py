"""A Watson dialogue over several turns of the house: commands that stay, times that it sets, what is told of failures."""

from __future__ import annotations

import pytest

from tests.fakes.watson import set_by_node
from tests.fakes.world import NUMBER
from tests.house.watson.watson_world import WatsonWorld, defined, node, send_sms, text

pytestmark = pytest.mark.anyio


async def test_silence_is_told_after_the_time_that_the_dialogue_set() -> None:
    """`post_response_timeout_count` in the context of either generation; then the turn `vgwPostResponseTimeout`."""
    today = {"integrations": {"voice_telephony": {"post_response_timeout_count": 15000}}}
    older = set_by_node(vgwPostResponseTimeoutCount="15000")
    for context in (today, older):
        async with WatsonWorld() as world:
            ana, watson = world.handset(), world.watson
            watson.will({"output": {"generic": [text("Your address?")]}, "context": context})
            await ana.call(NUMBER)
            await world.idle()
            await world.clock.advance(14)
            await world.idle()
            assert watson.heard() == [""]
            await world.clock.advance(2)
            await world.idle()
            assert watson.heard() == ["", "vgwPostResponseTimeout"]


async def test_a_text_that_fails_in_a_call_is_told() -> None:
    """The turn `vgwSMSFailed`, with `smsError`."""
    async with WatsonWorld() as world:
        ana, watson = world.handset(), world.watson
        watson.will(
            node(text("I am texting you."), vgwAction=send_sms("Your address?")), [text("Please say it.")]
        )
        world.carrier.trouble.refuse_next_message(21211)
        await ana.call(NUMBER)
        await world.idle()
        assert watson.heard() == ["", "vgwSMSFailed"]
        assert watson.variables(1)["smsError"]["code"] == 21211
        assert ana.spoken == ["I am texting you.", "Please say it."]


async def test_a_command_that_stays_in_the_stored_context_is_run_once() -> None:
    """Watson keeps what a node set: the command comes back with every answer, and the text is sent once."""
    async with WatsonWorld() as world:
        ana, watson = world.handset(), world.watson
        watson.will(
            node(text("Look."), vgwAction=send_sms("Your address?")), [text("Thanks.")], [text("Bye.")]
        )
        await ana.call(NUMBER)
        await ana.say("one")
        await ana.say("two")
        await world.idle()
        assert ana.texts == ["Your address?"]
        assert ana.spoken == ["Look.", "Thanks.", "Bye."]


async def test_a_service_that_does_not_merge_what_we_send_repeats_nothing() -> None:
    """Where the null that we write over a command is not taken, the same command is still the same."""
    async with WatsonWorld() as world:
        ana, watson = world.handset(), world.watson
        watson.merges = False
        watson.will(node(text("Look."), vgwAction=send_sms("Your address?")), [text("Thanks.")])
        await ana.call(NUMBER)
        await ana.say("one")
        await world.idle()
        assert ana.texts == ["Your address?"]


async def test_a_command_that_a_node_sets_again_is_run_again() -> None:
    """The same command twice is two texts, when the node ran twice."""
    async with WatsonWorld() as world:
        ana, watson = world.handset(), world.watson
        again = node(text("Look."), vgwAction=send_sms("Your address?"))
        watson.will(again, again)
        await ana.call(NUMBER)
        await ana.say("again, please")
        await world.idle()
        assert ana.texts == ["Your address?", "Your address?"]


async def test_the_answer_to_a_hang_up_is_heard_by_nobody_and_texted_to_nobody() -> None:
    """After the call its words are dropped; a command to text is carried out."""
    async with WatsonWorld() as world:
        ana, watson = world.handset(), world.watson
        watson.will(
            [text("Hello.")],
            [text("I did not understand."), defined(vgwAction=send_sms("Your reference: 7"))],
        )
        await ana.call(NUMBER)
        await world.idle()
        await ana.hang_up()
        await world.idle()
        assert watson.heard() == ["", "vgwHangUp"]
        assert watson.variables(1)["vgwHangupReason"] == "caller_hangup"
        assert ana.texts == ["Your reference: 7"]


async def test_data_for_the_call_record_is_kept_and_joined() -> None:
    """`cdr_custom_data` is joined key by key; an empty text takes a key away."""
    async with WatsonWorld() as world:
        ana, watson = world.handset(), world.watson
        for data in ({"case": "7", "step": "1"}, {"step": ""}):
            watson.will(
                {
                    "output": {"generic": []},
                    "context": {"integrations": {"voice_telephony": {"cdr_custom_data": data}}},
                }
            )
        await ana.call(NUMBER)
        await ana.say("hi")
        context = (await world.session())["context"]
        assert context["integrations"]["voice_telephony"]["cdr_custom_data"] == {"case": "7"}
        (call,) = (await world.api("/records", kind="call"))["records"]
        assert call["custom_data"] == {"case": "7"}


async def test_sentences_of_a_stream_are_spoken_as_they_come() -> None:
    """With `streaming` and a socket the caller hears the answer of the stream, each sentence once."""
    async with WatsonWorld(fields=", streaming: true", phone={"engine": "relay"}) as world:
        ana, watson = world.handset(), world.watson
        watson.will([text("Hello.")], [text("One moment."), text("Your order is on its way.")])
        await ana.call(NUMBER)
        await world.idle()
        await ana.say("Where is it?")
        await world.idle()
        assert ana.spoken == ["Hello.", "One moment. Your order is on its way."]
        assert watson.calls[-1].endswith("/message_stream")

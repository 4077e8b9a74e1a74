"""A Watson dialogue in the house: calls and texts are one session of Watson's, made when needed and deleted at the end."""

from __future__ import annotations

import pytest

from tests.fakes.world import ANA, NUMBER
from tests.house.watson.watson_world import WatsonWorld, defined, send_sms, text

pytestmark = pytest.mark.anyio


async def test_one_session_of_watsons_carries_the_call_the_texts_and_what_follows() -> None:
    """The reply to a text in a call is spoken, the hang-up tells nothing while texts go on, and one session holds it all."""
    async with WatsonWorld() as world:
        ana, watson = world.handset(), world.watson
        watson.will(
            [text("Hello, how can I help?")],
            [text("Check your phone."), defined(vgwAction=send_sms("Reply with your address"))],
            [text("Thank you.")],
            [text("We open at nine.")],
        )
        await ana.call(NUMBER)
        await ana.say("I moved house")
        assert await world.state() == "in_call_and_text"
        await ana.text("12 Elm Road\nFlat 3", to=NUMBER)
        await world.idle()
        await ana.hang_up()
        assert await world.state() == "text_only"
        await ana.text("When do you open?", to=NUMBER)
        await world.idle()

        assert ana.spoken == ["Hello, how can I help?", "Check your phone.", "Thank you."]
        assert ana.texts == ["Reply with your address", "We open at nine."]
        assert watson.heard() == ["", "I moved house", "vgwSMSMessage", "When do you open?"]
        reply = watson.bodies[2]
        assert reply["input"]["integrations"]["voice_telephony"]["sms_message"] == "12 Elm Road\nFlat 3"
        assert watson.variables(2)["vgwSMSMessage"] == "12 Elm Road\nFlat 3"
        assert [call for call in watson.calls if call.endswith("/sessions")] == [
            "POST /v2/assistants/env-1/sessions"
        ]
        assert watson.deleted == []


async def test_terminate_session_ends_the_conversation_and_deletes_watsons() -> None:
    """After `terminateSession` the next text begins a session of Watson's that knows nothing."""
    async with WatsonWorld() as world:
        ana, watson = world.handset(), world.watson
        watson.will([text("Bye."), defined(smsAction={"command": "terminateSession"})], [text("Hello.")])
        await ana.text("stop bothering me", to=NUMBER)
        assert await world.state() == "ended"
        assert watson.deleted == ["session-1"]
        await ana.text("hi again", to=NUMBER)
        await world.idle()
        assert ana.texts == ["Bye.", "Hello."]
        assert list(watson.sessions) == ["session-2"]


async def test_end_session_hangs_up_and_the_text_thread_goes_on() -> None:
    """Watson's `end_session` ends the call, not the conversation."""
    async with WatsonWorld() as world:
        ana, watson = world.handset(), world.watson
        bye = {
            "response_type": "end_session",
            "channel_options": {"voice_telephony": {"sip": {"headers": []}}},
        }
        watson.will(
            [defined(vgwAction=send_sms("Your ticket: 7")), text("Goodbye."), bye],
            [text("Ticket 7 is open.")],
        )
        await ana.call(NUMBER)
        await world.idle()
        assert ana.spoken == ["Goodbye."]
        assert ana.call_state == "completed"
        await ana.text("What about it?", to=NUMBER)
        assert await world.state() == "text_only"
        assert ana.texts == ["Your ticket: 7", "Ticket 7 is open."]
        assert watson.heard() == ["", "What about it?"]


async def test_an_expired_session_is_made_anew_with_what_was_known() -> None:
    """`Invalid Session`: the message goes to a new session, with variables and state of the old one."""
    async with WatsonWorld() as world:
        ana, watson = world.handset(), world.watson
        watson.will(
            {
                "output": {"generic": [text("Which order?")]},
                "context": {"skills": {"main skill": {"user_defined": {"asked": "order"}}}},
            },
            [text("Order 12 is on its way.")],
        )
        await ana.text("Where is it?", to=NUMBER)
        await world.idle()
        watson.expire()
        await ana.text("12", to=NUMBER)
        await world.idle()
        assert ana.texts == ["Which order?", "Order 12 is on its way."]
        assert watson.heard() == ["Where is it?", "12"]
        skill = watson.bodies[1]["context"]["skills"]["main skill"]
        assert skill["user_defined"]["asked"] == "order"
        assert skill["system"]["state"] == "eyJ=="
        assert list(watson.sessions) == ["session-2"]


async def test_without_sessions_the_conversation_goes_with_each_message() -> None:
    """`stateless: true` makes no session, and sends the variables back that came."""
    async with WatsonWorld(fields=", stateless: true") as world:
        ana, watson = world.handset(), world.watson
        watson.will(
            {
                "output": {"generic": [text("Which?")]},
                "context": {"skills": {"main skill": {"user_defined": {"asked": "order"}}}},
            },
            [text("Fine.")],
        )
        await ana.text("Where is it?", to=NUMBER)
        await world.idle()
        await ana.text("12", to=NUMBER)
        await world.idle()
        assert ana.texts == ["Which?", "Fine."]
        assert set(watson.calls) == {"POST /v2/assistants/env-1/message"}
        assert watson.variables(1)["asked"] == "order"
        assert watson.bodies[1]["context"]["global"]["system"]["turn_count"] == 1


async def test_a_silent_watson_is_asked_once_more_and_then_given_up() -> None:
    """A service that fails is tried twice, then the caller hears the failure message."""
    async with WatsonWorld() as world:
        ana, watson = world.handset(), world.watson
        watson.will(500, 500)
        await ana.text("hello", to=NUMBER)
        await world.clock.advance(2)
        await world.idle()
        assert ana.texts == ["We're sorry, but we can't respond to your message."]
        assert len(watson.bodies) == 2


async def test_a_withheld_number_is_in_no_variable() -> None:
    """A caller without a number is asked about without one."""
    async with WatsonWorld() as world:
        await world.handset("anonymous").call(NUMBER)
        await world.idle()
        context = world.watson.bodies[0]["context"]
        assert "user_phone_number" not in context["integrations"]["voice_telephony"]["private"]
        assert ANA not in str(context)


async def test_a_dialogue_sets_how_long_its_thread_may_be_silent() -> None:
    """`setSessionTimeoutCount` holds for the session; then it ends without a turn, and Watson's is deleted."""
    async with WatsonWorld() as world:
        ana, watson = world.handset(), world.watson
        command = {"command": "setSessionTimeoutCount", "parameters": {"count": "90"}}
        watson.will([text("Which order?"), defined(smsAction=command)], [text("Thanks.")])
        for said in ("Where is it?", "12"):
            await ana.text(said, to=NUMBER)
            await world.idle()
        await world.clock.advance(85)
        assert await world.state() == "text_only"
        await world.clock.advance(10)
        assert await world.state() == "ended"
        assert watson.heard() == ["Where is it?", "12"]
        assert watson.deleted == ["session-1"]

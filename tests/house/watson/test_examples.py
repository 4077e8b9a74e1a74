"""IBM's documented examples of phone and SMS handling, of 2020 and of today: each has its effect at the carrier.

The JSON is as IBM's pages show it, but for words and addresses ("Handling phone interactions", "Handling SMS
interactions", "Phone integration reference", "Response types reference").
"""

from __future__ import annotations

from typing import Any

import pytest

from channels.simulator.handset import Handset
from tests.fakes.world import NUMBER
from tests.house.watson.watson_world import (
    WatsonWorld,
    command,
    defined,
    dtmf,
    gateway,
    node,
    send_sms,
    sequence,
    text,
)

pytestmark = pytest.mark.anyio
MEDIA = "https://files.example/p.jpg"
DESK = "+15550107777"
SOUND = "https://files.example/hold.wav"
NODE = text("Words of the node.")


IN_A_CALL: list[tuple[str, Any, list[str], list[str]]] = [
    ("today: text in a call", [NODE, defined(vgwAction=send_sms("Your address?"))], ["Words of the node."], ["Your address?"]),
    ("2020: vgwAction in the context", node(NODE, vgwAction=send_sms("Your address?")), ["Words of the node."], ["Your address?"]),
    ("gateway: vgwAction under output", gateway(NODE, vgwAction=send_sms("Your address?")), ["Words of the node."], ["Your address?"]),
    (
        "the API's place of free keys under output",
        gateway(NODE, user_defined={"vgwAction": send_sms("Your address?")}),
        ["Words of the node."],
        ["Your address?"],
    ),
    (
        "2020: a sequence says the node's words where it plays them",
        node(NODE, vgwActionSequence=sequence(send_sms("Look."), command("vgwActPlayText"), command("vgwActPlayUrl", url=SOUND))),
        ["Words of the node.", SOUND],
        ["Look."],
    ),
    (
        "2020: a sequence says its own words",
        node(NODE, vgwActionSequence=sequence(command("vgwActPlayText", text=["Own words."]), send_sms("Look."))),
        ["Own words."],
        ["Look."],
    ),
    ("2020: a sequence without words", gateway(NODE, vgwActionSequence=sequence(send_sms("Look."))), [], ["Look."]),
    ("2020: a sound after the words", node(NODE, vgwAction=command("vgwActPlayUrl", url=SOUND)), ["Words of the node.", SOUND], []),
    ("2020: one command that plays the words", node(NODE, vgwAction=command("vgwActPlayText")), ["Words of the node."], []),
    ("a text for the phone only", [text("Spoken.", channels=[{"channel": "voice_telephony"}])], ["Spoken."], []),
    ("a text for SMS only", [text("Written.", channels=[{"channel": "text_messaging"}])], [], ["Written."]),
    ("a text for web chat only", [text("Shown.", channels=[{"channel": "chat"}]), text("Said.")], ["Said."], []),
    (
        "the first result of a search",
        [{"response_type": "search", "header": "I found:", "primary_results": [{"title": "T", "body": "A body."}]}],
        ["I found:", "A body."],
        [],
    ),
    (
        "a link to go on elsewhere",
        [{"response_type": "channel_transfer", "message_to_user": "Go on here", "transfer_info": {"target": {"chat": {"url": "https://x.example/chat"}}}}],
        ["Go on here"],
        ["Go on here\nhttps://x.example/chat"],
    ),
    ("an image has no place in a call", [NODE, {"response_type": "image", "source": MEDIA}], ["Words of the node."], []),
    ("a recording", [{"response_type": "audio", "source": SOUND, "channel_options": {"voice_telephony": {"loop": "false"}}}], [SOUND], []),
    ("before 2021-11-27: plain output.text", {"output": {"text": ["Plain words."]}}, ["Plain words."], []),
    (
        "one of our own items in user_defined",
        [defined(response_type="ask_for_text", text="Your address?", say="I am texting you.", keep_as="address")],
        ["I am texting you."],
        ["Your address?"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "spoken", "texts"), [row[1:] for row in IN_A_CALL], ids=[row[0] for row in IN_A_CALL]
)
async def test_in_a_call(answer: Any, spoken: list[str], texts: list[str]) -> None:
    """What the caller hears and is texted is what the documentation says of the example."""
    async with WatsonWorld() as world:
        ana = world.handset()
        world.watson.will(answer)
        await ana.call(NUMBER)
        await world.idle()
        assert _heard(ana) == spoken
        assert ana.texts == texts
        assert ana.call_state == "in-progress"
        assert world.carrier.faults == []


def _heard(ana: Handset) -> list[str]:
    return [each.text for each in ana.heard]


BY_TEXT: list[tuple[str, Any, list[str], list[str]]] = [
    ("words", [text("One."), text("Two.")], ["One.\nTwo."], []),
    ("2020: a picture", node(smsAction=command("smsActSendMedia", mediaURL=[MEDIA])), [""], [MEDIA]),
    ("2020: a picture beside words", node(NODE, smsAction=command("smsActSendMedia", mediaURL=[MEDIA])), ["", "Words of the node."], [MEDIA]),
    ("gateway: smsAction under output", gateway(smsAction=command("smsActSendMedia", mediaURL=[MEDIA])), [""], [MEDIA]),
    ("today: smsAction in user_defined", [defined(smsAction=command("smsActSendMedia", mediaURL=[MEDIA]))], [""], [MEDIA]),
    (
        "today: an image with its words",
        [{"response_type": "image", "source": MEDIA, "title": "Map", "description": "How to find us."}],
        ["Map\nHow to find us."],
        [MEDIA],
    ),
    ("a pause says nothing", [text("One."), {"response_type": "pause", "time": 1000, "typing": True}], ["One."], []),
    ("markup is none", [text("Open <b>now</b>: <a href='https://x.example/'>here</a>")], ["Open now: here (https://x.example/)"], []),
    ("an agent cannot take a thread", [text("One moment."), {"response_type": "connect_to_agent", "transfer_info": {"target": {}}}], ["One moment."], []),
    ("end_session is of calls", [text("Still here."), {"response_type": "end_session"}], ["Still here."], []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "texts", "media"), [row[1:] for row in BY_TEXT], ids=[row[0] for row in BY_TEXT]
)
async def test_by_text(answer: Any, texts: list[str], media: list[str]) -> None:
    """What the customer is texted is what the documentation says of the example, and the thread stays open."""
    async with WatsonWorld() as world:
        ana = world.handset()
        world.watson.will(answer)
        await ana.text("hello", to=NUMBER)
        await world.idle()
        await world.clock.advance(3)  # a number sends one segment a second
        await world.idle()
        assert ana.texts == texts
        assert [url for each in ana.received for url in each.media] == media
        assert await world.state() == "text_only"


PREFIXED = [
    (node({"response_type": "option", "title": "Cover?", "options": [{"label": "Boat", "value": {"input": {"text": "boat"}}}, {"label": "Car", "value": {"input": {"text": "car"}}}]}, smsAction=command("smsActSetOptionsConfig", prefixText="Enter %s for ")), "Enter 2 for Car", "car"),
    (node({"response_type": "suggestion", "title": "Did you mean", "suggestions": [{"label": "Boat", "value": {"input": {"text": "boat"}}}, {"label": "Car", "value": {"input": {"text": "car"}}}]}, smsAction=command("smsActSetDisambiguationConfig", prefixText="Enter %s for:")), "Enter 2 for:", "car"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "line", "meant"), PREFIXED, ids=["option", "suggestion"])
async def test_lists_by_text_have_their_prefix(answer: Any, line: str, meant: str) -> None:
    """`smsActSetOptionsConfig` and `smsActSetDisambiguationConfig` say what stands before a choice; its number chooses."""
    async with WatsonWorld() as world:
        ana, watson = world.handset(), world.watson
        watson.will(answer)
        await ana.text("insurance", to=NUMBER)
        await world.idle()
        assert line in ana.texts[0]
        await ana.text("2", to=NUMBER)
        await world.idle()
        assert watson.heard() == ["insurance", meant]


ENDS = [
    ("today: end_session", [text("Bye."), {"response_type": "end_session"}]),
    ("2020: vgwActHangup", node(text("Bye."), vgwAction=command("vgwActHangup"))),
    ("gateway: vgwActHangup", gateway(text("Bye."), vgwAction=command("vgwActHangup"))),
]


@pytest.mark.parametrize("answer", [row[1] for row in ENDS], ids=[row[0] for row in ENDS])
async def test_the_call_ends_after_the_words(answer: Any) -> None:
    """The last words are said, then the call ends, and Watson's session with it, since no text is under way."""
    async with WatsonWorld() as world:
        ana = world.handset()
        world.watson.will(answer)
        await ana.call(NUMBER)
        await world.idle()
        assert ana.spoken == ["Bye."]
        assert ana.call_state == "completed"
        assert await world.state() == "ended"
        assert world.watson.deleted == ["session-1"]


AGENT = {
    "response_type": "connect_to_agent",
    "transfer_info": {"target": {"service_desk": {"sip": {"uri": DESK}}}},
    "agent_available": {"message": "I will transfer you."},
    "agent_unavailable": {"message": "Nobody is there."},
    "message_to_human_agent": "Password reset",
}
TRANSFERS = [
    ("today: connect_to_agent", [AGENT]),
    ("2020: vgwActTransfer", node(text("I will transfer you."), vgwAction=command("vgwActTransfer", transferTarget=f"tel:{DESK}"))),
]  # fmt: skip


@pytest.mark.parametrize("answer", [row[1] for row in TRANSFERS], ids=[row[0] for row in TRANSFERS])
async def test_a_human_takes_the_call(answer: Any) -> None:
    """The words are said and the agent is dialled."""
    async with WatsonWorld() as world:
        ana, desk = world.handset(), world.handset(DESK)
        world.watson.will(answer)
        await ana.call(NUMBER)
        await desk.answer()
        assert await world.state() == "transferring"
        assert ana.spoken == ["I will transfer you."]


async def test_a_failed_transfer_is_told_in_the_words_of_2020() -> None:
    """With `disconnect_on_transfer_failure` off, the turn `vgwCallTransferFailed` goes on with the call."""
    async with WatsonWorld(phone={"disconnect_on_transfer_failure": "no"}) as world:
        ana, agent, watson = world.handset(), world.handset(DESK), world.watson
        watson.will(
            node(vgwAction=command("vgwActTransfer", transferTarget=DESK)),
            [text("Nobody is there.")],
        )
        await ana.call(NUMBER)
        await agent.decline()
        await world.idle()
        assert watson.heard() == ["", "vgwCallTransferFailed"]
        assert watson.variables(1)["vgwCallTransferFailed"] == "Yes"
        assert ana.spoken[-1] == "Nobody is there."


KEYS = [
    ("today: dtmf collect", [text("Your number?"), dtmf("collect", termination_key="#", count=4, ignore_speech=True)]),
    ("2020: vgwActCollectDTMF", node(text("Your number?"), vgwAction=command("vgwActCollectDTMF", dtmfTermKey="#", dtmfCount=4, dtmfIgnoreSpeech=True))),
    ("gateway: vgwActCollectDtmf", gateway(text("Your number?"), vgwAction=command("vgwActCollectDtmf", dtmfTermKey="#", dtmfCount=4, dtmfIgnoreSpeech="true"))),
]  # fmt: skip


@pytest.mark.parametrize("answer", [row[1] for row in KEYS], ids=[row[0] for row in KEYS])
async def test_keys_are_collected(answer: Any) -> None:
    """Four keys are the input, with `is_dtmf` and the success of the collection."""
    async with WatsonWorld() as world:
        ana, watson = world.handset(), world.watson
        watson.will(answer)
        await ana.call(NUMBER)
        await world.idle()
        await ana.press("1234")
        await world.idle()
        assert watson.heard() == ["", "1234"]
        telephony = watson.bodies[1]["input"]["integrations"]["voice_telephony"]
        assert telephony == {"is_dtmf": True, "barge_in_occurred": False, "dtmf_collection_succeeded": True}


FORCED = [
    ("today", [defined(vgwAction=command("vgwActForceNoInputTurn")), {"response_type": "audio", "source": SOUND, "channel_options": {"voice_telephony": {"loop": True}}}]),
    ("2020", node(vgwActionSequence=sequence(command("vgwActForceNoInputTurn"), command("vgwActPlayUrl", url=SOUND, playURLInLoop="Yes")))),
]  # fmt: skip


@pytest.mark.parametrize("answer", [row[1] for row in FORCED], ids=[row[0] for row in FORCED])
async def test_a_turn_without_input_follows_at_once(answer: Any) -> None:
    """`vgwActForceNoInputTurn` asks again with `vgwNoInputTurn`, and the caller hears the answer to that."""
    async with WatsonWorld() as world:
        ana, watson = world.handset(), world.watson
        watson.will(answer, [text("Done.")])
        await ana.call(NUMBER)
        await world.idle()
        await world.idle()
        assert watson.heard() == ["", "vgwNoInputTurn"]
        assert ana.spoken[-1] == "Done."


async def test_a_turn_without_input_follows_a_text_at_once() -> None:
    """`smsActForceNoInputTurn` asks again with `smsNoInputTurn`."""
    async with WatsonWorld() as world:
        ana, watson = world.handset(), world.watson
        watson.will(node(text("Let me see."), smsAction=command("smsActForceNoInputTurn")), [text("Done.")])
        await ana.text("hi", to=NUMBER)
        await world.idle()
        assert watson.heard() == ["hi", "smsNoInputTurn"]
        assert ana.texts == ["Let me see.", "Done."]

"""Answers of assistants, from JSON to items."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.assistants.items import (
    TYPES,
    read_item,
    reference,
)
from orchestrator.core.items import (
    AskForText,
    Choice,
    CollectDigits,
    Configure,
    EndSession,
    Fallback,
    ForceTurn,
    HangUp,
    Item,
    ListManner,
    Media,
    Options,
    Pause,
    Search,
    SendDigits,
    SendText,
    SwitchChannel,
    Text,
    Transfer,
    Unsupported,
)
from orchestrator.core.manner import Manner

PICTURE = "https://x.example/p.png"
SIP_TARGET = {
    "target": {
        "service_desk": {"sip": {"uri": "sip:a@x.example", "transfer_headers": [{"name": "N", "value": "v"}]}}
    }
}
OPTION = {"label": "Boat", "value": {"input": {"text": "boat"}}}
COLLECT = {
    "count": 4,
    "termination_key": "#",
    "inter_digit_timeout_count": 3000,
    "ignore_speech": True,
    "minimum_count": 1,
}
HEARD = {
    "language": "de-DE",
    "hints": ["Amt", " "],
    "speech_model": "phone_call",
    "speech_timeout": 2,
    "max_speech_time": "30s",
    "profanity_filter": False,
    "confidence_threshold": 0.4,
    "post_response_timeout": "10s",
    "update_strategy": "mergeOnce",
}
HEARS = Manner(
    language="de-DE",
    hints="Amt",
    speech_model="phone_call",
    speech_timeout=2.0,
    max_speech_time=30.0,
    profanity_filter=False,
    confidence_threshold=0.4,
    post_response_timeout=10.0,
)
READ: list[tuple[dict[str, Any], tuple[Item, ...]]] = [
    ({"response_type": "text", "text": "Hi"}, (Text(text="Hi"),)),
    ({"response_type": "text", "text": ""}, ()),
    ({"response_type": "text", "values": [{"text": "a"}, {"text": "b"}]}, (Text(text="a"),)),
    ({"response_type": "text", "values": [{"text": "a"}, {"text": "b"}], "selection_policy": "multiline"}, (Text(text="a\nb"),)),
    ({"response_type": "text", "text": "Hi", "channels": ["sms"]}, (Text(text="Hi", channels=("sms",)),)),
    ({"response_type": "text", "text": "Hi", "channels": [{"channel": "text_messaging"}]}, (Text(text="Hi", channels=("sms",)),)),
    ({"response_type": "text", "text": "Hi", "channels": [{"channel": "voice_telephony"}]}, (Text(text="Hi", channels=("voice",)),)),
    ({"response_type": "text", "text": "Hi", "channels": ["phone", "sms", "chat"]}, (Text(text="Hi", channels=("voice", "sms")),)),
    ({"response_type": "pause", "time": 1500}, (Pause(seconds=1.5),)),
    ({"response_type": "option", "title": "T", "description": "D", "options": [OPTION, {"label": "Car"}, "Bus"]},
     (Options(title="T", description="D", choices=(Choice(label="Boat", value="boat"), Choice(label="Car", value="Car"), Choice(label="Bus", value="Bus"))),)),
    ({"response_type": "suggestion", "title": "T", "suggestions": [OPTION]}, (Options(title="T", choices=(Choice(label="Boat", value="boat"),), kind="suggestion"),)),
    ({"response_type": "option", "title": "T", "options": [OPTION], "prefix": "Say %s for "}, (Options(title="T", choices=(Choice(label="Boat", value="boat"),), prefix="Say %s for "),)),
    ({"response_type": "image", "source": PICTURE, "title": "T", "alt_text": "A"}, (Media(kind="image", source=PICTURE, title="T", alt_text="A"),)),
    ({"response_type": "video", "source": PICTURE, "description": "D"}, (Media(kind="video", source=PICTURE, description="D"),)),
    ({"response_type": "audio", "source": PICTURE, "channel_options": {"voice_telephony": {"loop": True}}}, (Media(kind="audio", source=PICTURE, loop=True),)),
    ({"response_type": "search", "header": "H", "primary_results": [{"title": "t", "body": "B"}]}, (Search(header="H", body="B"),)),
    ({"response_type": "search", "header": "H", "results": [{"title": "t", "body": "x" * 5000}]}, (Search(header="H"),)),
    ({"response_type": "dtmf", "command_info": {"type": "collect", "parameters": COLLECT}},
     (CollectDigits(count=4, minimum=1, termination_key="#", inter_digit_timeout=3.0, ignore_speech=True),)),
    ({"response_type": "dtmf", "command_info": {"type": "send", "parameters": {"digits": "1w2W#*"}}}, (SendDigits(digits="1w2W#*"),)),
    ({"response_type": "dtmf", "command_info": {"type": "disable_barge_in"}}, (Configure(changes=Manner(key_barge_in=False)),)),
    ({"response_type": "speech_to_text", "command_info": {"type": "enable_barge_in"}}, (Configure(changes=Manner(speech_barge_in=True)),)),
    ({"response_type": "text_to_speech", "command_info": {"type": "disable_barge_in"}}, (Configure(changes=Manner(speech_barge_in=False)),)),
    ({"response_type": "speech_to_text", "command_info": {"type": "configure", "parameters": HEARD}}, (Configure(changes=HEARS, part="hearing", strategy="merge_once"),)),
    ({"response_type": "speech_to_text", "command_info": {"type": "configure", "parameters": {"narrowband_recognize": {"model": "de-DE_Telephony", "keywords": ["Hamburg", "Bremen"], "end_of_phrase_silence_time": 0.8}}}},
     (Configure(changes=Manner(language="de-DE", hints="Hamburg, Bremen", speech_timeout=0.8), part="hearing", strategy="replace"),)),
    ({"response_type": "text_to_speech", "command_info": {"type": "configure", "parameters": {"synthesize": {"voice": "en-GB_KateV3Voice"}, "update_strategy": "replace_once"}}},
     (Configure(changes=Manner(spoken_language="en-GB"), part="speaking", strategy="replace_once"),)),
    ({"response_type": "text_to_speech", "command_info": {"type": "configure", "parameters": {"voice": "Polly.Vicki-Neural", "language": "de-DE"}}},
     (Configure(changes=Manner(voice="Polly.Vicki-Neural", spoken_language="de-DE"), part="speaking", strategy="replace"),)),
    ({"response_type": "text_to_speech", "command_info": {"type": "configure"}}, (Configure(changes=Manner(), part="speaking", strategy="replace"),)),
    ({"response_type": "stop_activities", "activities": [{"type": "speech_to_text_recognition"}, {"type": "other"}]}, (Configure(changes=Manner(hears_speech=False)),)),
    ({"response_type": "start_activities", "activities": ["dtmf_collection", "speech_to_text_recognition"]}, (Configure(changes=Manner(hears_speech=True, hears_keys=True)),)),
    ({"response_type": "connect_to_agent", "transfer_info": SIP_TARGET, "agent_available": {"message": "Wait"}, "agent_unavailable": {"message": "Nobody"}, "message_to_human_agent": "m"},
     (Transfer(to="sip:a@x.example", say="Wait", unavailable="Nobody", whisper="m", headers={"N": "v"}, agent=True),)),
    ({"response_type": "connect_to_agent", "message_to_human_agent": "m"}, (Transfer(to="", whisper="m", agent=True),)),
    ({"response_type": "channel_transfer", "message_to_user": "Go on here", "transfer_info": {"target": {"chat": {"url": "https://x.example/c"}}}},
     (Text(text="Go on here", channels=("voice",)), SendText(text="Go on here\nhttps://x.example/c"))),
    ({"response_type": "send_text", "text": "Hi", "media": [PICTURE], "to": "+1 555 010 0300", "from": "+15550100200"},
     (SendText(text="Hi", media=(PICTURE,), to="+15550100300", sender="+15550100200"),)),
    ({"response_type": "ask_for_text", "text": "Where?", "say": "I text you.", "keep_as": "address", "timeout": "2m", "reminder": {"after": 30, "say": "Still there?"}, "pattern": "[0-9]+", "on_mismatch": "Digits, please."},
     (AskForText(text="Where?", say="I text you.", keep_as="address", timeout=120, reminder_after=30, reminder_say="Still there?", pattern="[0-9]+", on_mismatch="Digits, please."),)),
    ({"response_type": "text", "text": True}, (Text(text="true"),)),
    ({"response_type": "text", "text": 7}, (Text(text="7"),)),
    ({"response_type": "text", "values": []}, ()),
    ({"response_type": "option", "options": [{"label": "A", "value": 1}, {"value": {"input": {"text": "b"}}}]}, (Options(title="", choices=(Choice(label="A", value="1"), Choice(label="b", value="b"))),)),
    ({"response_type": "search", "header": "", "results": [{"highlight": {"body": ["B"]}}]}, (Search(header="", body="B"),)),
    ({"response_type": "switch_channel", "to": "sms", "keep_call": "off"}, (SwitchChannel(to="sms"),)),
    ({"response_type": "channel_transfer", "message_to_user": "Go", "channels": ["sms"], "transfer_info": {"target": {"chat": {"url": "https://x.example/c"}}}},
     (SendText(text="Go\nhttps://x.example/c", channels=("sms",)),)),
    ({"response_type": "pause", "time": "2s"}, (Pause(seconds=2),)),
    ({"response_type": "dtmf", "command_info": {"type": "collect", "parameters": {"count": 4, "stop_after_collection": True}}}, (CollectDigits(count=4, stop_after=True),)),
    ({"response_type": "ask_for_text", "timeout": "1m 30s"}, (AskForText(timeout=90),)),
    ({"response_type": "ask_for_text", "text": "Where?", "fallback": {"say": "Say it."}}, (AskForText(text="Where?", fallback=Fallback(say="Say it.")),)),
    ({"response_type": "ask_for_text", "fallback": {"say": "Key it.", "collect": {"count": 5, "minimum_count": 1, "maximum_count": 6, "termination_key": "#", "ignore_speech": True}}},
     (AskForText(fallback=Fallback(say="Key it.", collect=CollectDigits(count=5, minimum=1, maximum=6, termination_key="#", ignore_speech=True))),)),
    ({"response_type": "switch_channel", "to": "sms", "text": "Here", "say": "Bye", "keep_call": True}, (SwitchChannel(to="sms", text="Here", say="Bye", keep_call=True),)),
    ({"response_type": "switch_channel", "to": "phone"}, (SwitchChannel(to="voice"),)),
    ({"response_type": "transfer", "to": "+15550100300", "say": "One moment", "timeout": "45s", "headers": {"X-A": "1"}}, (Transfer(to="+15550100300", say="One moment", timeout=45, headers={"X-A": "1"}),)),
    ({"response_type": "hang_up", "say": "Bye"}, (HangUp(say="Bye"),)),
    ({"response_type": "end_session"}, (EndSession(),)),
    ({"response_type": "end_session", "channel_options": {"voice_telephony": {"sip": {"headers": []}}}}, (EndSession(),)),
]  # fmt: skip
COMMANDS: list[tuple[dict[str, Any], tuple[Item, ...]]] = [
    ({"vgwAction": {"command": "vgwActSendSMS", "parameters": {"message": "m", "mediaURL": [PICTURE], "userPhoneNumber": "+15550100300", "tenantPhoneNumber": "+15550100200", "setAsInputText": True}}},
     (SendText(text="m", media=(PICTURE,), to="+15550100300", sender="+15550100200"),)),
    ({"vgwActionSequence": [{"command": "vgwActPlayText", "parameters": {"text": ["Bye"]}}, {"command": "vgwActHangup"}]}, (Text(text="Bye", channels=("voice",)), HangUp())),
    ({"vgwAction": {"command": "vgwActPlayUrl", "parameters": {"url": PICTURE, "playURLInLoop": "Yes"}}}, (Media(kind="audio", source=PICTURE, loop=True, channels=("voice",)),)),
    ({"vgwAction": {"command": "vgwActCollectDtmf", "parameters": {"dtmfCount": "4", "dtmfTermKey": "#", "dtmfIgnoreSpeech": "true"}}}, (CollectDigits(count=4, termination_key="#", ignore_speech=True),)),
    ({"vgwAction": {"command": "vgwActTransfer", "parameters": {"transferTarget": "sip:a@x.example", "transferHeader": "N", "transferHeaderVal": "v"}}}, (Transfer(to="sip:a@x.example", headers={"N": "v"}),)),
    ({"vgwAction": {"command": "vgwActTransfer", "parameters": {"transferTarget": "tel:+15550100300"}}}, (Transfer(to="+15550100300"),)),
    ({"smsAction": {"command": "smsActSendMedia", "parameters": {"mediaURL": [PICTURE]}}}, (SendText(media=(PICTURE,)),)),
    ({"smsAction": {"command": "terminateSession"}}, (EndSession(),)),
    ({"vgwAction": {"command": "vgwActDisableSpeechBargeIn"}}, (Configure(changes=Manner(speech_barge_in=False)),)),
    ({"vgwAction": {"command": "vgwActUnPauseDTMF"}}, (Configure(changes=Manner(hears_keys=True)),)),
    ({"vgwAction": {"command": "vgwActSetSTTConfig", "parameters": {"config": {"model": "fr-FR_NarrowbandModel"}, "confidenceScoreThreshold": 0.2, "updateMethod": "merge"}}},
     (Configure(changes=Manner(language="fr-FR", confidence_threshold=0.2), part="hearing", strategy="merge"),)),
    ({"vgwAction": {"command": "vgwActSetTTSConfig", "parameters": {"config": {"voice": "fr-FR_ReneeV3Voice"}}}}, (Configure(changes=Manner(spoken_language="fr-FR"), part="speaking", strategy="replace"),)),
    ({"vgwAction": {"command": "vgwActSetOptionsConfig", "parameters": {"prefixText": "Say %s for "}}}, (ListManner(kind="option", prefix="Say %s for ", channels=("voice",)),)),
    ({"smsAction": {"command": "smsActSetDisambiguationConfig", "parameters": {"prefixText": "Reply %s: "}}}, (ListManner(kind="suggestion", prefix="Reply %s: ", channels=("sms",)),)),
    ({"vgwAction": {"command": "vgwActSetDisambiguationConfig", "parameters": {"matchWord": ["one", 2], "disableSpeech": "true"}}}, (ListManner(kind="suggestion", words=("one", "2"), keys_only=True, channels=("voice",)),)),
    ({"vgwAction": {"command": "vgwActForceNoInputTurn"}}, (ForceTurn(),)),
    ({"smsAction": {"command": "smsActForceNoInputTurn"}}, (ForceTurn(),)),
    ({"vgwAction": {"command": "vgwActCollectDTMF", "parameters": {"dtmfCount": 4, "dtmfPauseAfterCollection": True}}}, (CollectDigits(count=4, stop_after=True),)),
    ({"vgwAction": {"command": "vgwActTransfer", "parameters": {"transferTarget": "sip:a@x.example", "uuiData": "56a3"}}}, (Transfer(to="sip:a@x.example", headers={"User-to-User": "56a3"}),)),
    ({"vgwAction": {"command": "vgwActSendSIPInfo"}}, (Unsupported(response_type="user_defined", why="vgwActSendSIPInfo is not carried out"),)),
    ({"anything": 1}, (Unsupported(response_type="user_defined", why="no command of ours is in it"),)),
    ({"vgwAction": 7}, (Unsupported(response_type="user_defined", why="a command without a name"),)),
    ({"vgwAction": {"command": "vgwActSendSMS", "parameters": "x"}}, (Unsupported(response_type="user_defined", why="vgwActSendSMS: neither `message` nor `mediaURL`"),)),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "items"), READ)
def test_types(raw: dict[str, Any], items: tuple[Item, ...]) -> None:
    """Each response type is read with its fields."""
    assert read_item(raw) == items


@pytest.mark.parametrize(("action", "items"), COMMANDS)
def test_commands(action: dict[str, Any], items: tuple[Item, ...]) -> None:
    """The commands of IBM's gateways mean what they meant there."""
    assert read_item({"response_type": "user_defined", "user_defined": action}) == items


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["45s", "sms", PICTURE, "collect"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["label", "value", "input", "text", "command"]), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


@given(st.data())
def test_no_item_raises(data: st.DataObject) -> None:
    """Whatever stands in the fields of any type, it is read or skipped."""
    name = data.draw(st.sampled_from(sorted(TYPES)))
    raw: dict[str, Any] = {"response_type": name}
    for entry in TYPES[name].fields:
        inner = raw
        *parents, last = entry.path.split(".")
        for part in parents:
            inner = inner.setdefault(part, {})
        inner[last] = data.draw(JSON)
    assert isinstance(read_item(raw), tuple)


def test_reference() -> None:
    """The reference names every type and every field with its kind."""
    rows = reference()
    assert {row.response_type for row in rows} == set(TYPES)
    assert all(row.meaning for row in rows)

"""The response types and their fields: the table that answers are read by, and docs are made from."""

from __future__ import annotations

from dataclasses import dataclass

from orchestrator.assistants.items.fields import (
    ADDRESS,
    ADDRESSES,
    CHANNEL,
    COUNT,
    FLAG,
    HEADERS,
    KEY,
    LIST,
    MILLISECONDS,
    OBJECT,
    PATTERN,
    PHONE,
    SECONDS,
    TARGET,
    WORDS,
    Field,
)
from orchestrator.assistants.items.settings import HEARING, KEYS, SPEAKING

_SIP = "transfer_info.target.service_desk.sip"
_ACTIVITIES = Field(
    "activities",
    LIST,
    "objects with `type`: `speech_to_text_recognition`, `dtmf_collection`",
    required=True,
)
_AUDIO_LOOP = "channel_options.voice_telephony.loop"
_MEDIA = (
    Field("source", ADDRESS, "where the carrier fetches it", required=True),
    Field("title", WORDS, "written above it"),
    Field("description", WORDS, "written below the title"),
    Field("alt_text", WORDS, "what it shows, in words"),
)


@dataclass(frozen=True, slots=True)
class Type:
    """A response type: what it does, its fields, and whether it is Watson's or ours."""

    effect: str
    fields: tuple[Field, ...] = ()
    ours: bool = False


TYPES: dict[str, Type] = {
    "text": Type(
        "said on voice; on SMS part of the one message of the answer",
        (
            Field("text", WORDS, "the words; may hold HTML or SSML"),
            Field("values", LIST, "variants, objects with `text`: the first, or all with `multiline`"),
            Field("selection_policy", WORDS, "`sequential`, `random` or `multiline`"),
            Field("delimiter", WORDS, "between the lines of `multiline`"),
        ),
    ),
    "option": Type(
        "a numbered list; chosen by number, key, word or label",
        (
            Field("title", WORDS, "said or written first"),
            Field("description", WORDS, "after the title"),
            Field("options", LIST, "objects with `label` and `value.input.text`", required=True),
            Field("prefix", WORDS, "before each label; `%s` is its number"),
        ),
    ),
    "suggestion": Type(
        "as `option`",
        (
            Field("title", WORDS, "said or written first"),
            Field("suggestions", LIST, "objects with `label` and `value.input.text`", required=True),
            Field("prefix", WORDS, "before each label; `%s` is its number"),
        ),
    ),
    "pause": Type(
        "silence on voice, nothing on SMS", (Field("time", MILLISECONDS, "how long", required=True),)
    ),
    "image": Type("a picture message; nothing on voice", _MEDIA),
    "audio": Type(
        "played on voice; a message of its own on SMS",
        (*_MEDIA, Field(_AUDIO_LOOP, FLAG, "play again and again"), Field("loop", FLAG, "the same, shorter")),
    ),
    "video": Type("a message of its own; nothing on voice", _MEDIA),
    "search": Type(
        "the header and the first result's body",
        (
            Field("header", WORDS, "the introduction"),
            Field("primary_results", LIST, "objects with `body` or `title`"),
            Field("results", LIST, "the same, older name"),
        ),
    ),
    "dtmf": Type(
        "`collect` sets how the next keys are gathered, `send` plays tones, the others say whether keys cut words short",
        (
            Field(
                "command_info.type",
                WORDS,
                "`collect`, `send`, `disable_barge_in` or `enable_barge_in`",
                required=True,
            ),
            Field("command_info.parameters.count", COUNT, "how many keys"),
            Field("command_info.parameters.minimum_count", COUNT, "at least so many"),
            Field("command_info.parameters.maximum_count", COUNT, "at most so many"),
            Field("command_info.parameters.termination_key", KEY, "the key that ends the input"),
            Field("command_info.parameters.inter_digit_timeout_count", MILLISECONDS, "wait between keys"),
            Field("command_info.parameters.ignore_speech", FLAG, "keys only"),
            Field(
                "command_info.parameters.stop_after_collection",
                FLAG,
                "no keys are heard after them, until `start_activities`",
            ),
            *KEYS,
        ),
    ),
    "speech_to_text": Type(
        "`configure` sets how the call is heard, the others whether speech cuts words short", HEARING
    ),
    "text_to_speech": Type(
        "`configure` sets the voice, the others whether speech cuts words short", SPEAKING
    ),
    "start_activities": Type("hears speech or keys again", (_ACTIVITIES,)),
    "stop_activities": Type("hears speech or keys no more, until they are started again", (_ACTIVITIES,)),
    "connect_to_agent": Type(
        "the call is transferred; by text, and in a call without an address, the help desk goes on",
        (
            Field(f"{_SIP}.uri", TARGET, "the agent's address"),
            Field("transfer_info.target.sip.uri", TARGET, "the same, shorter"),
            Field("transfer_info.target.phone_number", TARGET, "a number instead"),
            Field(f"{_SIP}.transfer_headers", HEADERS, "SIP headers of the transfer"),
            Field("agent_available.message", WORDS, "said before the transfer", called="available"),
            Field("agent_unavailable.message", WORDS, "said if nobody takes the call", called="unavailable"),
            Field("message_to_human_agent", WORDS, "for the agent"),
        ),
    ),
    "channel_transfer": Type(
        "a link to go on elsewhere is sent by text",
        (
            Field("message_to_user", WORDS, "said, and written before the link"),
            Field("transfer_info.target.chat.url", ADDRESS, "the link", required=True),
        ),
    ),
    "user_defined": Type(
        "commands of IBM's gateways",
        (Field("user_defined", OBJECT, "`vgwAction`, `vgwActionSequence` or `smsAction`", required=True),),
    ),
    "send_text": Type(
        "a text now, also during a call",
        (
            Field("text", WORDS, "the words"),
            Field("media", ADDRESSES, "pictures or sounds; more than 10 go as several messages"),
            Field("to", PHONE, "the customer unless named"),
            Field("from", PHONE, "one of our numbers"),
            Field("urgent", FLAG, "keeps no quiet hours"),
        ),
        ours=True,
    ),
    "ask_for_text": Type(
        "asks the customer for a text, also during a call",
        (
            Field("text", WORDS, "sent by SMS"),
            Field("say", WORDS, "spoken first"),
            Field("keep_as", WORDS, "the context key that keeps the reply"),
            Field("timeout", SECONDS, "`text_reply_timeout` unless given"),
            Field("reminder.after", SECONDS, "when to remind", called="reminder_after"),
            Field("reminder.say", WORDS, "what is said then", called="reminder_say"),
            Field("pattern", PATTERN, "must match the whole reply; no references back, no lookbehind"),
            Field("on_mismatch", WORDS, "said when it does not; the wait goes on"),
            Field(
                "fallback.say",
                WORDS,
                "asks by voice in a call, where the text cannot be sent or does not come",
                called="by_voice",
            ),
            Field("fallback.collect.count", COUNT, "keys that answer then"),
            Field("fallback.collect.minimum_count", COUNT, "at least so many"),
            Field("fallback.collect.maximum_count", COUNT, "at most so many"),
            Field("fallback.collect.termination_key", KEY, "the key that ends them"),
            Field("fallback.collect.ignore_speech", FLAG, "keys only"),
        ),
        ours=True,
    ),
    "switch_channel": Type(
        "goes on by text, or by phone",
        (
            Field("to", CHANNEL, "`sms` or `voice`", required=True),
            Field("text", WORDS, "to SMS: sent first"),
            Field("say", WORDS, "to SMS: said before the call ends"),
            Field("keep_call", FLAG, "to SMS: the call goes on"),
        ),
        ours=True,
    ),
    "transfer": Type(
        "hands the call to a human",
        (
            Field("to", TARGET, "who takes it", required=True),
            Field("say", WORDS, "said first"),
            Field("timeout", SECONDS, "how long it rings, 30s unless given"),
            Field("headers", HEADERS, "SIP headers"),
        ),
        ours=True,
    ),
    "hang_up": Type("ends the call", (Field("say", WORDS, "said first"),), ours=True),
    "end_session": Type("closes call and thread", (Field("say", WORDS, "said first"),), ours=True),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the reference: a field of a response type, or with `field` empty the type itself."""

    response_type: str
    field: str
    kind: str
    required: bool
    meaning: str


def reference() -> list[Row]:
    """Every response type and its fields, in the order of the docs."""
    rows = []
    for name, entry in TYPES.items():
        rows.append(Row(name, "", "", required=False, meaning=entry.effect))
        rows += [Row(name, f.path, f.kind.name, required=f.required, meaning=f.meaning) for f in entry.fields]
    return rows

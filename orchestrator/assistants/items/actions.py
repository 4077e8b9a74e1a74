"""The commands of IBM's gateways, `vgwAction` and `smsAction`, as core items.

They stand in `user_defined` items, and in older answers beside the items; who asks an older
assistant finds them and reads them here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from orchestrator.assistants.items import settings
from orchestrator.assistants.items.fields import (
    ADDRESS,
    ADDRESSES,
    COUNT,
    FLAG,
    HEADERS,
    KEY,
    LINES,
    LIST,
    MILLISECONDS,
    PHONE,
    SECONDS,
    TARGET,
    WORDS,
    Field,
    Kind,
    MalformedError,
    Values,
    read_fields,
)
from orchestrator.core.items import (
    Channel,
    CollectDigits,
    EndSession,
    ForceTurn,
    HangUp,
    Item,
    ListKind,
    ListManner,
    Media,
    SendText,
    SessionTimeout,
    Text,
    Transfer,
    Unsupported,
)

Channels = tuple[Channel, ...]
PLACES = ("vgwAction", "vgwActionSequence", "smsAction", "smsActionSequence")
"""The keys under which commands stand, one object or a list of them."""


def read_actions(holder: Mapping[str, Any], channels: Channels = ()) -> tuple[Item, ...]:
    """The items of every command in `holder`, in order."""
    items = tuple(item for action in _actions(holder) for item in _read(action, channels))
    return items or (_unsupported("no command of ours is in it", channels),)


def _actions(holder: Mapping[str, Any]) -> Iterator[Any]:
    for place in PLACES:
        found = holder.get(place)
        if isinstance(found, list):
            yield from found
        elif found is not None:
            yield found


def _read(action: Any, channels: Channels) -> tuple[Item, ...]:
    command = action.get("command") if isinstance(action, Mapping) else None
    if not isinstance(command, str):
        return (_unsupported("a command without a name", channels),)
    known = _COMMANDS.get(command.lower())
    if known is None:
        return (_unsupported(f"{command[:40]} is not carried out", channels),)
    fields, build = known
    try:
        return (build(read_fields(action.get("parameters") or {}, fields), channels),)
    except MalformedError as error:
        return (_unsupported(f"{command[:40]}: {error}", channels),)


def _unsupported(why: str, channels: Channels) -> Unsupported:
    return Unsupported(response_type="user_defined", why=why, channels=channels)


def _send_sms(values: Values, channels: Channels) -> Item:
    text, media = values.get("message", ""), values.get("mediaURL", ())
    if not text.strip() and not media:
        raise MalformedError("neither `message` nor `mediaURL`")
    to, sender = values.get("userPhoneNumber", ""), values.get("tenantPhoneNumber", "")
    return SendText(text=text, media=media, to=to, sender=sender, channels=channels)


def _play_url(values: Values, channels: Channels) -> Item:
    loop = values.get("playURLInLoop", False)
    return Media(kind="audio", source=values["url"], loop=loop, channels=channels or ("voice",))


def _play_text(values: Values, channels: Channels) -> Item:
    return Text(text=values["text"], channels=channels or ("voice",))


def _collect(values: Values, channels: Channels) -> Item:
    return CollectDigits(
        count=values.get("dtmfCount", 0),
        minimum=values.get("dtmfMinCount", 0),
        maximum=values.get("dtmfMaxCount", 0),
        termination_key=values.get("dtmfTermKey"),
        inter_digit_timeout=values.get("dtmfInterDigitTimeoutCount", 0.0),
        ignore_speech=values.get("dtmfIgnoreSpeech", False),
        stop_after=values.get("dtmfPauseAfterCollection", False),
        channels=channels,
    )


def _transfer(values: Values, channels: Channels) -> Item:
    headers = dict(values.get("transferHeaders", {}))
    if "transferHeader" in values:
        headers[values["transferHeader"]] = values.get("transferHeaderVal", "")
    if values.get("uuiData"):
        headers["User-to-User"] = values["uuiData"]
    return Transfer(to=values["transferTarget"], headers=headers, channels=channels)


def _lists(kind: ListKind, channel: Channel) -> _Command:
    def build(values: Values, channels: Channels) -> Item:
        return ListManner(
            kind=kind,
            prefix=values.get("prefixText", ""),
            words=tuple(str(WORDS.read(word)) for word in values.get("matchWord", ())),
            keys_only=values.get("disableSpeech", False),
            channels=channels or (channel,),
        )

    return _LISTS, build


def _switched(name: str, *, on: bool) -> _Command:
    return (), lambda _, channels: settings.switch(name, channels, on=on)


def _timeout(value: Any) -> float:
    seconds = float(SECONDS.read(value))
    if seconds < SHORTEST:
        raise MalformedError(f"{SHORTEST:.0f} second or more")
    return seconds


SHORTEST = 1.0
"""Seconds that a thread stays open for at least, as in the configuration."""
TIMEOUT = Kind("seconds", _timeout)
_Command = tuple[tuple[Field, ...], Callable[[Values, Channels], Item]]
_SMS: _Command = (
    (
        Field("message", WORDS, "the text"),
        Field("mediaURL", ADDRESSES, "pictures or sounds"),
        Field("userPhoneNumber", PHONE, "the customer unless given"),
        Field("tenantPhoneNumber", PHONE, "one of our numbers"),
    ),
    _send_sms,
)
_LISTS = (
    Field("prefixText", WORDS, "before each label; `%s` is its number"),
    Field("matchWord", LIST, "words that choose the first, the second, and so on"),
    Field("disableSpeech", FLAG, "chosen by keys only"),
)
_COMMANDS: dict[str, _Command] = {
    "vgwactsendsms": _SMS,
    "smsactsendsms": _SMS,  # the same by a slip of IBM's pages
    "smsactsendmedia": _SMS,
    "vsmsactsendmedia": _SMS,  # as one of IBM's pages writes it
    "vgwacthangup": ((), lambda _, channels: HangUp(channels=channels)),
    "terminatesession": ((), lambda _, channels: EndSession(channels=channels)),
    "vgwactplaytext": ((Field("text", LINES, "said", required=True),), _play_text),
    "vgwactplayurl": (
        (Field("url", ADDRESS, "played", required=True), Field("playURLInLoop", FLAG, "without end")),
        _play_url,
    ),
    "vgwactcollectdtmf": (
        (
            Field("dtmfCount", COUNT, "how many keys"),
            Field("dtmfMinCount", COUNT, "at least so many"),
            Field("dtmfMaxCount", COUNT, "at most so many"),
            Field("dtmfTermKey", KEY, "the key that ends the input"),
            Field("dtmfInterDigitTimeoutCount", MILLISECONDS, "wait between keys"),
            Field("dtmfIgnoreSpeech", FLAG, "keys only"),
            Field("dtmfPauseAfterCollection", FLAG, "no keys are heard after them"),
        ),
        _collect,
    ),
    "vgwactsetsttconfig": (settings.LEGACY_HEARING, settings.configure_hearing),
    "vgwactsetttsconfig": (settings.LEGACY_SPEAKING, settings.configure_speaking),
    "vgwactdisablespeechbargein": _switched("speech_barge_in", on=False),
    "vgwactenablespeechbargein": _switched("speech_barge_in", on=True),
    "vgwactdisablesttduringplayback": _switched("speech_barge_in", on=False),
    "vgwactenablesttduringplayback": _switched("speech_barge_in", on=True),
    "vgwactdisabledtmfbargein": _switched("key_barge_in", on=False),
    "vgwactenabledtmfbargein": _switched("key_barge_in", on=True),
    "vgwactpausestt": _switched("hears_speech", on=False),
    "vgwactunpausestt": _switched("hears_speech", on=True),
    "vgwactpausedtmf": _switched("hears_keys", on=False),
    "vgwactunpausedtmf": _switched("hears_keys", on=True),
    "vgwactsetoptionsconfig": _lists("option", "voice"),
    "vgwactsetdisambiguationconfig": _lists("suggestion", "voice"),
    "smsactsetoptionsconfig": _lists("option", "sms"),
    "smsactsetdisambiguationconfig": _lists("suggestion", "sms"),
    "setsessiontimeoutcount": (
        (Field("count", TIMEOUT, "seconds that the thread may be silent", required=True),),
        lambda values, channels: SessionTimeout(seconds=values["count"], channels=channels),
    ),
    "vgwactforcenoinputturn": ((), lambda _, channels: ForceTurn(channels=channels)),
    "smsactforcenoinputturn": ((), lambda _, channels: ForceTurn(channels=channels)),
    "vgwacttransfer": (
        (
            Field("transferTarget", TARGET, "who takes the call", required=True),
            Field("transferHeaders", HEADERS, "SIP headers"),
            Field("transferHeader", WORDS, "one header's name"),
            Field("transferHeaderVal", WORDS, "its value"),
            Field("uuiData", WORDS, "the header User-to-User"),
        ),
        _transfer,
    ),
}

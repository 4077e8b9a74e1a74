"""`assistants.<name>.backend`: the four kinds of assistants. `timeout` and `retries` hold for each."""

# ruff: noqa: RUF009 - `key` and `section` give a dataclasses.field
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from config.addresses import file_path, secret_text, web_url, webhook_secret
from config.headers import headers
from config.kinds import ListOf, MapOf
from config.numbers import transfer_target
from config.schema import key
from config.secret import Secret
from config.values import choice, duration, flag, json_value, text, whole, word

TOOLS: Final = (
    "send_text",
    "ask_for_text",
    "switch_channel",
    "transfer",
    "hang_up",
    "end_session",
    "set_context",
)
"""Actions that a language model may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tries:
    """What every kind has."""

    timeout: float = key(
        duration("100ms", "10m"), "30s", meaning="Per try; in a call, for all tries together."
    )
    voice_timeout: float = key(
        duration("0s", "10m"), "0s", meaning="In a call, instead of timeout; 0s: timeout holds there, too."
    )
    turn_limit: float = key(
        duration("1s", "1h"), "5m", meaning="The most that a turn may take, with all its tries."
    )
    retries: int = key(whole(0, 10), "1", meaning="Further tries of one turn, with the same turn id.")
    breaker_failures: int = key(
        whole(0, 1000),
        "5",
        meaning="Failed turns in a row, in each process, after which an assistant is not asked for breaker_pause. 0: it always is.",
    )
    breaker_pause: float = key(
        duration("1s", "10m"),
        "5s",
        meaning="How long; then one turn is asked as a trial. Callers hear failure_message meanwhile, texts wait for it.",
    )
    max_concurrent: int = key(
        whole(1, 10_000),
        "64",
        meaning="Turns asked at once, in each process; a stuck assistant starves no other.",
    )
    max_waiting: int = key(
        whole(0, 100_000),
        "256",
        meaning="Turns that wait for a place, in each process; beyond, texts get 503 and callers busy_message.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scripted(_Tries):
    """`kind: scripted`: answers from a file, for demonstrations and tests."""

    kind: Literal["scripted"] = key(choice("scripted"), meaning="Answers from a script.")
    file: str = key(
        file_path(),
        "",
        meaning="The script, relative to the configuration's folder; empty: the built-in one.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Http(_Tries):
    """`kind: http`: your own endpoint, asked by signed POST."""

    kind: Literal["http"] = key(choice("http"), meaning="Your own endpoint, asked by signed POST.")
    url: str = key(
        web_url("https://bot.example.com/turn"), meaning="Where turns are posted; http:// is allowed."
    )
    secret: Secret = key(
        webhook_secret(), meaning="Signs each request (Standard Webhooks): whsec_ and base64."
    )
    headers: Mapping[str, Secret] = key(headers(), "", meaning="Further request headers; values are secrets.")
    ca_file: str = key(
        file_path(), "", meaning="Authorities (PEM) that its certificate is checked by; empty: the system's."
    )
    client_cert: str = key(file_path(), "", meaning="Our certificate for mutual TLS (PEM), with its chain.")
    client_key: str = key(
        file_path(), "", meaning="The key of `client_cert` (PEM); empty: it stands in the same file."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Watson(_Tries):
    """`kind: watson`: IBM watsonx Assistant, API v2."""

    kind: Literal["watson"] = key(choice("watson"), meaning="IBM watsonx Assistant, API v2.")
    url: str = key(
        web_url("https://api.us-south.assistant.watson.cloud.ibm.com/instances/..."),
        meaning="The service instance's URL.",
    )
    assistant_id: str = key(
        word("environment id"), meaning="The environment's id; a classic assistant's own id."
    )
    environment_id: str = key(
        text(),
        "",
        meaning="The environment's id where addresses have both (the API since 2024-08-25): assistant_id is then the assistant's.",
    )
    api_key: Secret = key(secret_text(), meaning="The instance's API key.")
    auth: Literal["basic", "iam"] = key(
        choice("basic", "iam"), "basic", meaning="basic (user `apikey`) or iam (bearer tokens)."
    )
    iam_url: str = key(
        web_url("https://iam.cloud.ibm.com/identity/token"),
        "https://iam.cloud.ibm.com/identity/token",
        meaning="Where `auth: iam` gets its tokens.",
    )
    version: str = key(word("date of the API version"), "2024-08-25", meaning="Version date of the API.")
    stateless: bool = key(
        flag(),
        "false",
        meaning="Keep the conversation here and send it whole with each message, without sessions.",
    )
    streaming: bool = key(
        flag(), "false", meaning="Speak what is ready of an answer while it comes, with `engine: relay`."
    )
    hang_up_turn: Literal["auto", "always", "never"] = key(
        choice("auto", "always", "never"),
        "auto",
        meaning="Whether the dialog is told `vgwHangUp`, as in 2020; auto: unless the conversation goes on by text.",
    )
    expiry_turn: bool = key(
        flag(), "false", meaning="Whether the dialog is told `smsResponseTimeout` when a text thread expires."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAI(_Tries):
    """`kind: openai`: any OpenAI-compatible chat-completions endpoint."""

    kind: Literal["openai"] = key(
        choice("openai"), meaning="Any OpenAI-compatible chat-completions endpoint."
    )
    base_url: str = key(
        web_url("https://api.openai.com/v1"),
        "https://api.openai.com/v1",
        meaning="The API's base, up to /v1.",
    )
    model: str = key(word("model name"), meaning="The model's name.")
    api_key: Secret = key(
        secret_text(optional=True), "", meaning="Bearer token; empty for servers that need none."
    )
    headers: Mapping[str, Secret] = key(headers(), "", meaning="Further request headers; values are secrets.")
    system_prompt: str = key(text(), "", meaning="What the model is told about its task.")
    voice_style: str = key(
        text(), "", meaning="How it is to speak in calls; empty: short, plain spoken sentences."
    )
    sms_style: str = key(text(), "", meaning="How it is to write texts; empty: short, plain text.")
    parameters: Mapping[str, Any] = key(
        MapOf(json_value()), "", meaning="Further fields of each request, such as temperature: 0.2."
    )
    tools: tuple[str, ...] = key(
        ListOf(choice(*TOOLS)), "", meaning="The actions that the model may take; empty: all of them."
    )
    transfer_to: tuple[str, ...] = key(
        ListOf(transfer_target()), "", meaning="The only targets that it may transfer a call to; empty: any."
    )
    farewell_turns: bool = key(
        flag(),
        "false",
        meaning="Whether the model is asked when a call is over or a session times out, and may text.",
    )
    history_turns: int = key(whole(0, 1000), "20", meaning="Turns of the conversation that the model sees.")
    history_tokens: int = key(
        whole(0, 1_000_000), "8000", meaning="And of these no more than about so many tokens; 0: any number."
    )
    max_turns: int = key(
        whole(0, 100_000),
        "200",
        meaning="Turns of one session that the model is asked; then it fails. 0: any number.",
    )
    max_tokens: int = key(
        whole(0, 100_000_000),
        "0",
        meaning="Tokens that one session may cost, asked and answered; then it fails. 0: any number.",
    )


Backend = Scripted | Http | Watson | OpenAI
BACKENDS: Mapping[str, type] = {"scripted": Scripted, "http": Http, "watson": Watson, "openai": OpenAI}

"""`assistants.<name>.backend`: the four kinds of assistants. `timeout` and `retries` hold for each."""

# ruff: noqa: RUF009 - `key` and `section` give a dataclasses.field
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from config.addresses import file_path, secret_text, web_url, webhook_secret
from config.kinds import MapOf
from config.schema import key
from config.secret import Secret
from config.values import choice, duration, flag, text, whole, word


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tries:
    """What every kind has."""

    timeout: float = key(
        duration("100ms", "10m"), "30s", meaning="Per try; in a call, for all tries together."
    )
    retries: int = key(whole(0, 10), "1", meaning="Further tries of one turn, with the same turn id.")
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
    headers: Mapping[str, Secret] = key(
        MapOf(secret_text()), "", meaning="Further request headers; values are secrets."
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
    system_prompt: str = key(text(), "", meaning="What the model is told about its task.")
    history_turns: int = key(whole(0, 1000), "20", meaning="Turns of the conversation that the model sees.")


Backend = Scripted | Http | Watson | OpenAI
BACKENDS: Mapping[str, type] = {"scripted": Scripted, "http": Http, "watson": Watson, "openai": OpenAI}

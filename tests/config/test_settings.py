"""A right configuration: types, defaults, rules for the core, and where each value came from."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import Secret, load, origins, parse
from config.backends import Http, OpenAI, Scripted, Watson
from config.hours import hours
from config.kinds import MistakeError
from orchestrator.core.settings import MessagingRules, PhoneRules, Rules
from tests.config.texts import ENVIRON, RIGHT, TOKEN, changed, refused


def test_a_right_file_passes(tmp_path: Path) -> None:
    """Values are typed: numbers in E.164, secrets as secrets, durations as seconds."""
    file = tmp_path / "tandem.yaml"
    file.write_text(RIGHT, "utf-8")
    settings = load(file, ENVIRON)
    phone = settings.assistants["support"].phone
    assert phone is not None
    assert settings.service.public_url == "https://voice.example.com"
    assert settings.service.api_token.reveal() == ENVIRON["TANDEM_API_TOKEN"]
    assert settings.service.retention == 604_800.0
    assert phone.numbers == ("+19585550123",)
    assert phone.auth_token == (Secret(TOKEN),)
    assert TOKEN not in repr(settings)


def test_unquoted_texts_stay_texts() -> None:
    """`NO`, `off`, `1:30`, `+1...` and `0123` need no quotes where text is meant."""
    text = changed("      auth_token", "      welcome_message: NO\n      filler_message: 1:30\n"
                   "      voice: 0123\n      auth_token")  # fmt: skip
    phone = parse(text, environ=ENVIRON).assistants["support"].phone
    assert phone is not None
    assert (phone.welcome_message, phone.filler_message, phone.voice) == ("NO", "1:30", "0123")


def test_the_core_gets_its_rules_by_the_same_names() -> None:
    """Defaults of the configuration are the defaults of the core."""
    number = parse(RIGHT, environ=ENVIRON).assistants["support"].phone.numbers  # type: ignore[union-attr]  # it is there
    assert parse(RIGHT, environ=ENVIRON).to_rules("support") == Rules(
        assistant="support",
        phone=PhoneRules(numbers=number),
        messaging=MessagingRules(numbers=number),
    )


def test_a_channel_left_out_is_left_out_of_the_rules() -> None:
    """An assistant for texts only has no phone rules."""
    start, end = RIGHT.index("    phone:"), RIGHT.index("    messaging:")
    rules = parse(RIGHT[:start] + RIGHT[end:], environ=ENVIRON).to_rules("support")
    assert rules.phone is None
    assert rules.messaging is not None


def test_the_simulator_needs_no_account() -> None:
    """`base_url: simulator` goes without account and token, `memory://` without a hash key."""
    text = (
        "service: {public_url: 'http://localhost:8080', redis_url: memory://, api_token: x}\n"
        "assistants:\n  demo:\n    backend: {kind: scripted}\n"
        "    phone: {numbers: [+19585550123], base_url: simulator}\n"
    )
    phone = parse(text).assistants["demo"].phone
    assert phone is not None
    assert (phone.account_sid, phone.auth_token) == ("", ())


def test_tokens_may_be_a_list_while_rotating() -> None:
    """One token, or several in order."""
    text = changed(f"auth_token: {TOKEN}", "auth_token: [new, old]")
    phone = parse(text, environ=ENVIRON).assistants["support"].phone
    assert phone is not None
    assert [token.reveal() for token in phone.auth_token] == ["new", "old"]


@pytest.mark.parametrize(
    ("backend", "of"),
    [
        ("{kind: scripted}", Scripted),
        ("{kind: http, url: http://bot/turn, secret: whsec_YQ==, headers: {X-Key: a}}", Http),
        ("{kind: watson, url: https://w.example.com, assistant_id: e1, api_key: k, auth: iam}", Watson),
        ("{kind: openai, model: m, base_url: http://localhost:11434/v1}", OpenAI),
    ],
)
def test_each_kind_of_backend_is_read(backend: str, of: type) -> None:
    """The kind decides which keys there are; timeout and retries hold for each."""
    start, end = RIGHT.index("    backend:"), RIGHT.index("    phone:")
    made = (
        parse(f"{RIGHT[:start]}    backend: {backend}\n{RIGHT[end:]}", environ=ENVIRON)
        .assistants["support"]
        .backend
    )
    assert type(made) is of
    assert (made.timeout, made.retries) == (30.0, 1)


def test_a_script_is_found_beside_the_file(tmp_path: Path) -> None:
    """A relative path is taken from the configuration's folder; a missing script is a mistake."""
    (tmp_path / "bot.yaml").touch()
    start, end = RIGHT.index("    backend:"), RIGHT.index("    phone:")
    text = f"{RIGHT[:start]}    backend: {{kind: scripted, file: bot.yaml}}\n{RIGHT[end:]}"
    backend = parse(text, name=str(tmp_path / "tandem.yaml"), environ=ENVIRON).assistants["support"].backend
    assert isinstance(backend, Scripted)
    assert Path(backend.file) == (tmp_path / "bot.yaml").resolve()
    for name in ("bot.yaml", '"a\\0b"', "x" * 5000):
        assert "no such file" in str(refused(text.replace("bot.yaml", name)))


def test_every_value_knows_where_it_came_from() -> None:
    """Default, line of the file with its variable, or the variable that overrides."""
    environ = {**ENVIRON, "TANDEM_SERVICE__RETENTION": "3d"}
    found = {each.path: (each.shown, each.said) for each in origins(parse(RIGHT, environ=environ))}
    assert found["service.public_url"] == ("https://voice.example.com", "tandem.yaml:2")
    assert found["service.api_token"] == ("•••", "tandem.yaml:4 (${TANDEM_API_TOKEN})")
    assert found["service.retention"] == ("3d", "TANDEM_SERVICE__RETENTION")
    assert found["service.timezone"] == ("UTC", "default")
    assert found["assistants.support.phone.auth_token"] == ("[•••]", "tandem.yaml:15")
    assert found["assistants.support.messaging.session_timeout"] == ("24h", "default")


def test_origins_can_be_asked_for_a_part() -> None:
    """A path gives what stands at or below it."""
    settings = parse(RIGHT, environ=ENVIRON)
    assert {each.path.split(".")[2] for each in origins(settings, "assistants.support.phone")} == {"phone"}
    assert [each.shown for each in origins(settings, "service.timezone")] == ["UTC"]


def test_no_origin_shows_a_secret() -> None:
    """All secrets of file and environment are hidden in the whole explanation."""
    shown = " ".join(each.shown for each in origins(parse(RIGHT, environ=ENVIRON)))
    assert not [word for word in (TOKEN, "c2VjcmV0", *ENVIRON.values()) if word in shown]


def test_hours_are_those_of_the_time_zone() -> None:
    """`call_hours` are read as minutes, and the rules tell the time of `service.timezone`, summer included."""
    text = RIGHT.replace("    phone:", "    phone:\n      call_hours: 08:00-21:30", 1)
    text = text.replace("service:", "service:\n  timezone: Europe/Berlin", 1)
    rules = parse(text, environ=ENVIRON).to_rules("support")
    assert rules.phone is not None
    assert rules.phone.call_hours == (480, 1290)
    assert rules.minute_of_day(1_784_000_000.0) == (1_784_000_000 // 60 + 120) % 1440
    assert rules.minute_of_day(1_800_000_000.0) == (1_800_000_000 // 60 + 60) % 1440


@pytest.mark.parametrize("wrong", ["8", "08:00", "08:00-08:00", "25:00-26:00", "08:60-09:00", "08:00-24:01"])
def test_hours_that_are_none(wrong: str) -> None:
    """What is not two different times of a day is refused."""
    with pytest.raises(MistakeError):
        hours().read(wrong)


def test_hours_are_written_as_they_are_read() -> None:
    """Minutes become times again; no hours at all are an empty value."""
    assert [hours().written(hours().read(given)) for given in ("8:00 - 21:30", "22:00-24:00", "")] == [
        "08:00-21:30",
        "22:00-24:00",
        '""',
    ]

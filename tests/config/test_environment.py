"""Overrides by environment, and `${...}` in the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import parse
from config.environment import Override
from tests.config.texts import ENVIRON, RIGHT, TOKEN, changed, refused

PHONE = "TANDEM_ASSISTANTS__SUPPORT__PHONE__"


def test_any_field_may_be_set_by_environment() -> None:
    """A field that the file has, one that it has not, a list, and several tokens."""
    environ = {
        **ENVIRON,
        f"{PHONE}AUTH_TOKEN": "one, two",
        f"{PHONE}VOICE_BUDGET": "3s",
        f"{PHONE}NUMBERS": "+1 958 555 0101,+1 958 555 0102",
        "TANDEM_ASSISTANTS__SUPPORT__BACKEND__HEADERS": "{X-Key: abc}",
        "TANDEM_SERVICE__LOG_CONTENT": "on",
    }
    settings = parse(RIGHT, environ=environ)
    phone = settings.assistants["support"].phone
    assert phone is not None
    assert [token.reveal() for token in phone.auth_token] == ["one", "two"]
    assert phone.voice_budget == 3.0
    assert phone.numbers == ("+19585550101", "+19585550102")
    assert settings.service.log_content is True
    assert settings.assistants["support"].backend.headers["X-Key"].reveal() == "abc"  # type: ignore[union-attr]  # http


def test_names_with_dashes_and_capitals_are_found() -> None:
    """A dash of the name is written `_`, its case does not matter."""
    settings = parse(
        changed("  support:", "  My-Bot:"),
        environ={**ENVIRON, "TANDEM_ASSISTANTS__MY_BOT__PHONE__VOICE": "alice"},
    )
    phone = settings.assistants["My-Bot"].phone
    assert phone is not None
    assert phone.voice == "alice"


def test_a_section_may_come_from_the_environment_alone() -> None:
    """The file has no messaging; three variables make it."""
    text = RIGHT[: RIGHT.index("    messaging:")]
    prefix = "TANDEM_ASSISTANTS__SUPPORT__MESSAGING__"
    environ = {**ENVIRON, f"{prefix}NUMBERS": "[+19585550123]", f"{prefix}BASE_URL": "simulator"}
    messaging = parse(text, environ=environ).assistants["support"].messaging
    assert messaging is not None
    assert messaging.numbers == ("+19585550123",)


def test_an_override_mends_a_wrong_or_missing_value() -> None:
    """The variable counts, not what the file says."""
    environ = {**ENVIRON, "TANDEM_SERVICE__PUBLIC_URL": "https://other.example.com"}
    for text in (
        changed("https://voice.example.com", "x"),
        changed("  public_url: https://voice.example.com\n", ""),
    ):
        assert parse(text, environ=environ).service.public_url == "https://other.example.com"


def test_the_kind_of_a_backend_may_come_from_the_environment() -> None:
    """Its keys are then judged by that kind."""
    environ = {**ENVIRON, "TANDEM_ASSISTANTS__SUPPORT__BACKEND__KIND": "scripted"}
    paths = [problem.path for problem in refused(RIGHT, environ).problems]
    assert paths == ["assistants.support.backend.url", "assistants.support.backend.secret"]


@pytest.mark.parametrize(
    ("variable", "message", "meant"),
    [
        ("TANDEM_SERVICE__RETENTON", "names no field", "RETENTION"),
        ("TANDEM_SERVIC__RETENTION", "names no field", "SERVICE"),
        ("TANDEM_ASSISTANT__SUPPORT__PHONE__VOICE", "names no field", "ASSISTANTS"),
        ("TANDEM_ASSISTANTS__SUPORT__PHONE__VOICE", "names no assistant of this file", "SUPPORT"),
        ("TANDEM_ASSISTANTS__SUPPORT__PHONE", "names a section, not a field", ""),
        ("TANDEM_ASSISTANTS__SUPPORT__PHONE__VOICE__X", "names something inside a value", ""),
        ("TANDEM_ASSISTANTS__", "names no assistant of this file", ""),
    ],
)
def test_a_variable_that_names_nothing_is_told(variable: str, message: str, meant: str) -> None:
    """By its name, with what it may be, and without its value."""
    (problem,) = refused(RIGHT, {**ENVIRON, variable: TOKEN}).problems
    assert problem.message == f"{variable} in the environment: {message}"
    assert problem.meant == meant
    assert TOKEN not in str(refused(RIGHT, {**ENVIRON, variable: TOKEN}))


def test_a_wrong_value_is_told_by_its_variable() -> None:
    """At the place that it overrides, or at the section that would hold it; the value is not shown."""
    environ = {**ENVIRON, f"{PHONE}NUMBERS": f"{TOKEN}", f"{PHONE}ENGINE": "realy"}
    problems = refused(RIGHT, environ).problems
    assert [(p.place.line, p.place.column, p.message.split(":")[0]) for p in problems] == [
        (13, 7, f"{PHONE}ENGINE in the environment"),
        (13, 16, f"{PHONE}NUMBERS in the environment"),
    ]
    assert TOKEN not in " ".join(f"{p.message}{p.expected}{p.meant}" for p in problems)


def test_other_variables_of_ours_are_no_overrides() -> None:
    """Only names with `__` after the section are."""
    environ = {
        **ENVIRON,
        "TANDEM_SERVICE": "x",
        "TANDEM_ASSISTANTS": "y",
        "TANDEM_CONFIG": "z",
        "TANDEM_SERVICE_HOST": "10.0.0.1",
        "TANDEM_OTEL__ENDPOINT": "b",
    }
    assert parse(RIGHT, environ=environ) == parse(RIGHT, environ=ENVIRON)


def test_an_override_is_taken_as_it_is() -> None:
    """A `${` in a variable is no reference."""
    settings = parse(RIGHT, environ={**ENVIRON, "TANDEM_SERVICE__API_TOKEN": "a${b"})
    assert settings.service.api_token.reveal() == "a${b"


def test_references_stand_anywhere_in_a_value(tmp_path: Path) -> None:
    """Variables and files, several in one value; `$${` is a plain `${`; a file's last line break goes."""
    (tmp_path / "token").write_text("t0p\n", "utf-8")
    text = changed("${TANDEM_API_TOKEN}", "a-${TANDEM_HASH_KEY}-${file:token}-$${x}")
    settings = parse(text, name=str(tmp_path / "tandem.yaml"), environ=ENVIRON)
    assert settings.service.api_token.reveal() == "a-from-environment-2-t0p-${x}"


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"x" * 70_000])
def test_a_secret_file_that_is_none_is_told(tmp_path: Path, content: bytes) -> None:
    """Binary and endless files; nothing of them is shown."""
    (tmp_path / "token").write_bytes(content)
    report = str(refused(changed("${TANDEM_API_TOKEN}", f"${{file:{tmp_path / 'token'}}}")))
    assert "service.api_token: the file is " in report
    assert "xxxx" not in report


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("PHONE__NUMBERS", "[+1958555", "is a text, not a list"),
        ("PHONE__NUMBERS", "{a: b}", "is a mapping, not a list"),
        ("PHONE__NUMBERS", "", "is an empty list"),
        ("PHONE__AUTH_TOKEN", "[a, [b, {c: d}]]", "is a list, not one value"),
        ("PHONE__AUTH_TOKEN", "", "is empty"),
        ("BACKEND__HEADERS", "X-Key=abc", "is a text, not a mapping"),
        ("BACKEND__HEADERS", "{a: b, a: c}", "duplicate key"),
        ("BACKEND__HEADERS", "{a: [b]}", "is a list, not one value"),
    ],
)
def test_a_list_or_mapping_in_a_variable_may_be_wrong(field: str, value: str, message: str) -> None:
    """Told by the variable, as a mistake of the file would be."""
    (problem, *_) = refused(RIGHT, {**ENVIRON, f"TANDEM_ASSISTANTS__SUPPORT__{field}": value}).problems
    assert problem.message.startswith(f"TANDEM_ASSISTANTS__SUPPORT__{field} in the environment: {message}")


def test_an_override_does_not_print_its_value() -> None:
    """It may be a secret."""
    assert repr(Override("TANDEM_SERVICE__API_TOKEN", TOKEN)) == "Override(TANDEM_SERVICE__API_TOKEN)"

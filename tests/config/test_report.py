"""The report itself: how it looks, and that it never shows a secret."""

from __future__ import annotations

import pytest

from config import Secret
from config.problems import Place, Source
from tests.config.texts import RIGHT, TOKEN, changed, refused


def test_a_report_reads_like_a_compiler() -> None:
    """Place and key, the line, a caret, what was expected, what was meant."""
    assert str(refused(changed("kind: http", "kind: htpp"))) == (
        "tandem.yaml:9:13: assistants.support.backend.kind: not one of the words it may be\n"
        "    9 |       kind: htpp\n"
        "      |             ^\n"
        "        expected: one of scripted, http, watson, openai\n"
        '        did you mean "http"?'
    )


def test_a_secret_beside_the_mistake_is_hidden_and_the_caret_holds() -> None:
    """In a flow mapping the caret stands under the shown line's mistake, not under the written column."""
    backend = "    backend: {kind: http, secret: whsec_c2VjcmV0, url: nowhere}\n    phone:"
    start, end = RIGHT.index("    backend:"), RIGHT.index("    phone:")
    report = str(refused(RIGHT[:start] + backend + RIGHT[end + len("    phone:") :]))
    _, line, caret = report.splitlines()[:3]
    assert line == "    8 |     backend: {kind: http, secret: •••, url: nowhere}"
    assert caret.index("^") == line.index("nowhere")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("auth_token: " + TOKEN, "auth_token: [" + TOKEN + ", {a: " + TOKEN + "}]"),
        ("auth_token: " + TOKEN, "auth_token:\n        a: {b: " + TOKEN + "}"),
        ("auth_token: " + TOKEN, "auth_token: |\n        " + TOKEN + "\n      numbers: x"),
        ("auth_token: " + TOKEN, "password: " + TOKEN),
        ("auth_token: " + TOKEN, "auth_token " + TOKEN),
        ("auth_token: " + TOKEN, "auth_token: '" + TOKEN),
        ("auth_token: " + TOKEN, "auth_token: &" + TOKEN + " [" + TOKEN),
        ("auth_token: " + TOKEN, "auth_token: !" + TOKEN + "! x"),
        ("auth_token: " + TOKEN, "auth_token:\n        - " + TOKEN + "\n        - [" + TOKEN),
        ("auth_token: " + TOKEN, "auth_token: [" + TOKEN + ",\n" + TOKEN),
        ("redis://localhost", "rdis://user:" + TOKEN + "@localhost"),
        ("redis://localhost:6379/0", "redis://:" + TOKEN + "@local host"),
        ("secret: whsec_c2VjcmV0", "headers: {Authorization: " + TOKEN + ", X: [" + TOKEN + "]}"),
        ("    phone:\n", "    phone: {auth_token:" + TOKEN + ", x: y}\n    phone:\n"),
        ("      auth_token: ", "      ? auth_token "),
        ("secret: whsec_c2VjcmV0", "headers: {X-Key:" + TOKEN + "}"),
        ("secret: whsec_c2VjcmV0", "secret: # " + TOKEN),
        ("secret: whsec_c2VjcmV0", "secret: &" + TOKEN),
        ("      auth_token", "      voice_budget: " + TOKEN + "\n      auth_token"),
        ("kind: http", "kind: htpp  # was " + TOKEN),
        ("kind: http", "kind: [htpp  # was whsec_" + TOKEN[:4]),
        ("  support:\n", "  - " + TOKEN + "\n  support:\n"),
    ],
)
def test_no_secret_is_shown_however_it_is_broken(old: str, new: str) -> None:
    """Lists, mappings, blocks, anchors, tags and plain bad YAML around a secret: the report hides it."""
    report = str(refused(changed(old, new)))
    assert TOKEN not in report
    assert f"whsec_{TOKEN[:4]}" not in report
    assert "Traceback" not in report


def test_a_key_torn_by_a_control_character_shows_nothing() -> None:
    """What follows the character may be a secret whose name nobody knows any more."""
    report = str(refused(changed("api_token: ${TANDEM_API_TOKEN}", "api_t\0ken: mellon")))
    assert "control characters" in report
    assert "mellon" not in report


def test_hidden_stretches_may_meet() -> None:
    """Overlapping and many-line places are hidden once, and a caret inside stands at the start."""
    source = Source("x", "ab SECRET cd\nSECRET\ntail", [Place(1, 4, 1, 10), Place(1, 6, 2, 7)])
    assert source.shown(Place(1, 5, 1, 5)) == ("ab •••", 3)
    assert source.shown(Place(2, 3, 2, 3)) == ("•••", 0)
    assert source.shown(Place(3, 5, 3, 5)) == ("tail", 4)


def test_a_caret_counts_wide_letters_twice() -> None:
    """East Asian letters take two columns of a terminal."""
    report = str(refused(changed("  public_url", "  你好: 1\n  public_url")))
    assert "    2 |   你好: •••\n      |   ^" in report


def test_a_secret_does_not_show_itself() -> None:
    """Neither repr, str nor format give it; reveal does; equality is of secrets only."""
    secret = Secret("abc")
    assert f"{secret}{secret!r}{secret!s}" == "•••" * 3
    assert secret.reveal() == "abc"
    assert secret == Secret("abc")
    assert secret != "abc"
    assert not Secret("")
    assert len({secret, Secret("abc")}) == 1


def test_line_breaks_of_any_system_are_counted() -> None:
    """A byte order mark and CRLF change neither line nor column nor the shown line."""
    text = "\ufeff" + changed("kind: http", "kind: htpp").replace("\n", "\r\n")
    report = str(refused(text))
    assert report.startswith("tandem.yaml:9:13: assistants.support.backend.kind: ")
    assert "    9 |       kind: htpp\n" in report


def test_an_account_id_is_no_secret() -> None:
    """It is shown, so that its mistake can be seen."""
    assert "AC0123456789abcdef0123456789abcde\n" in str(
        refused(changed("89abcdef0123456789abcdef", "89abcdef0123456789abcde"))
    )

"""What each kind of value reads, writes and refuses."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import values
from config.addresses import api_base, public_url, web_url
from config.kinds import Kind, MistakeError
from config.numbers import number, transfer_target
from config.secret import Secret
from config.stores import redis_url


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("500ms", 0.5),
        ("45s", 45.0),
        ("2m", 120.0),
        ("1h30m", 5400.0),
        ("7d", 604_800.0),
        ("1.5s", 1.5),
        ("0", 0.0),
        ("0s", 0.0),
        (" 2m ", 120.0),
        ("1m500ms", 60.5),
        ("24h", 86_400.0),
    ],
)
def test_durations_are_seconds(text: str, expected: float) -> None:
    """Every documented form, and sums of units from large to small."""
    assert values.duration().read(text) == expected


@pytest.mark.parametrize(
    "text", ["", "s", "5", "1:30", "2 m", "30m1h", "1m1m", "-5s", "1e3s", "5M", "\u0665s", "99999d"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    """Bare numbers, clocks, blanks, wrong order, signs and foreign digits."""
    with pytest.raises(MistakeError):
        values.duration().read(text)


@given(st.integers(0, 10**9))
def test_a_duration_survives_writing(milliseconds: int) -> None:
    """What is written reads back to the same time."""
    seconds = milliseconds / 1000
    assert values.seconds(values.written_duration(seconds)) == pytest.approx(seconds, abs=1e-6)


@pytest.mark.parametrize("text", ["true", "on", "yes", "TRUE", "Yes", " on "])
def test_yes(text: str) -> None:
    """Three words, any case."""
    assert values.flag().read(text) is True


@pytest.mark.parametrize("text", ["false", "off", "no", "NO", "Off"])
def test_no(text: str) -> None:
    """Three words, any case: `NO` too."""
    assert values.flag().read(text) is False


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (number(), "+1 958 555 0123", "+19585550123"),
        (number(), " +49 30 1234567 ", "+49301234567"),
        (transfer_target(), "", ""),
        (transfer_target(), "sip:desk@pbx.example.com:5060;transport=tls", "sip:desk@pbx.example.com:5060;transport=tls"),
        (transfer_target(), "+1 958 555 0199", "+19585550199"),
        (public_url(), "https://voice.example.com/", "https://voice.example.com"),
        (public_url(), "https://Voice.example.com/tandem", "https://Voice.example.com/tandem"),
        (public_url(), "http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        (public_url(), "http://tandem:8080", "http://tandem:8080"),
        (public_url(), "http://[::1]:8080", "http://[::1]:8080"),
        (api_base("https://api.twilio.com"), "http://10.0.0.5:9000/", "http://10.0.0.5:9000"),
        (api_base("https://api.twilio.com"), "simulator", "simulator"),
        (web_url("x"), "http://bot:8000/turn?a=b", "http://bot:8000/turn?a=b"),
        (redis_url(), "memory://", Secret("memory://")),
        (redis_url(), "redis+cluster://a:7000,b:7001,c:7002", Secret("redis+cluster://a:7000,b:7001,c:7002")),
        (redis_url(), "redis+sentinel://:pw@a:1,b:2/main/0", Secret("redis+sentinel://:pw@a:1,b:2/main/0")),
        (redis_url(), "rediss+cluster://u:p,w@[::1]:7000,b/0", Secret("rediss+cluster://u:p,w@[::1]:7000,b/0")),
        (redis_url(), "rediss://:pw@a:1/15?ssl_ca_certs=ca.pem", Secret("rediss://:pw@a:1/15?ssl_ca_certs=ca.pem")),
        (redis_url(), "redis://localhost", Secret("redis://localhost")),
        (redis_url(), "redis+sentinel://a/main", Secret("redis+sentinel://a/main")),
        (redis_url(), "unix:///run/redis.sock?db=1", Secret("unix:///run/redis.sock?db=1")),
        (values.time_zone(), "UTC", "UTC"),
        (values.time_zone(), "America/New_York", "America/New_York"),
        (values.text(), " NO ", " NO "),
    ],
)  # fmt: skip
def test_what_is_right_is_read(kind: Kind[Any], text: str, value: Any) -> None:
    """Normal forms: blanks out of numbers, no slash at the end of a base, all else as written."""
    assert kind.read(text) == value


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("redis://:pw@host:6379/0", "redis://•••@host:6379/0"),
        ("redis://user:p@w@host/0?password=x", "redis://•••@host/0"),
        ("memory://", "memory://"),
    ],
)
def test_a_store_is_shown_without_its_password(text: str, shown: str) -> None:
    """User, password and query are taken out."""
    kind = redis_url()
    assert kind.show(kind.read(text)) == shown

"""`tandem doctor` on the carrier's side: each trouble is named with its fix, and nothing is changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from typer.testing import Result

from channels.twilio.integration import CallStyle, Integration, Kind
from channels.twilio.routes import routes
from orchestrator.cli.doctor import carrier
from tests.cli.conftest import Run
from tests.cli.twilio import NUMBER, SID, TOKEN, TwilioAccount, serving
from tests.fakes.handle import RecordingHandle

Write = Callable[..., Path]
Entry = dict[str, str]
OTHER = "+19585550199"


class Here:
    """A service of ours behind its public address, as far as webhooks go."""

    def __init__(self, url: str, handle: RecordingHandle) -> None:
        self.url = url
        self.handle = handle


def integration(kind: Kind, url: str) -> Integration:
    """What the service knows of our number."""
    return Integration(
        assistant="support",
        kind=kind,
        numbers=(NUMBER, OTHER),
        account_sid=SID,
        auth_tokens=(TOKEN,),
        style=CallStyle(public_url=url),
    )


@pytest.fixture
def here() -> Iterator[Here]:
    """The running service."""
    handle = RecordingHandle()
    served = Starlette()
    with serving(served) as url:
        served.router.routes += routes(handle, [integration("phone", url), integration("messaging", url)])
        yield Here(url, handle)


def checks(result: Result) -> list[Entry]:
    """The findings of a run with --json, on the last line; the service's log may stand before it."""
    found: list[Entry] = json.loads(result.stdout.splitlines()[-1])["checks"]
    return found


def troubles(result: Result, *states: str) -> list[Entry]:
    """Those that are not fine; each has a fix."""
    found = [each for each in checks(result) if each["state"] in (states or ("fail", "unknown"))]
    assert all(each["fix"] for each in found)
    return found


@pytest.fixture
def examine(run: Run, write: Write, here: Here, account: TwilioAccount) -> Iterator[Callable[..., Result]]:
    """Points our number at the service, lets the test break something, then examines: nothing is changed."""
    seen: list[Result] = []

    def examined(spoil: Callable[[TwilioAccount], Any] = lambda _: None, **changes: Any) -> Result:
        run("numbers", "point", "--config", write(public_url=here.url), "--yes")
        assert account.writes
        spoil(account)
        account.writes.clear()
        seen.append(run("doctor", "--json", "--config", write(public_url=here.url, **changes)))
        return seen[-1]

    yield examined
    assert account.writes == []
    assert (here.handle.taken, here.handle.voiced, here.handle.delivered) == ([], [], [])
    for result in seen:
        assert TOKEN not in result.output
        assert "hunter2" not in result.output


def test_a_pointed_number_is_fine(examine: Callable[..., Result]) -> None:
    """With all in place: exit 0, and warnings of the embedded store only."""
    result = examine()
    assert result.exit_code == 0, result.output
    assert {each["check"] for each in checks(result) if each["state"] != "ok"} == {"redis"}
    names = {each["check"] for each in checks(result)}
    assert names == {
        "configuration",
        "redis",
        "credentials",
        "number",
        "webhooks",
        "public_url",
        "assistant",
        "clock",
    }


def test_it_goes_the_way_that_the_service_goes(
    examine: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service takes no proxy of the environment, so that one says nothing about it."""
    result = examine(lambda _: monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9"))
    assert result.exit_code == 0, result.output


def test_the_report_is_readable(run: Run, write: Write, here: Here) -> None:
    """Without --json each trouble stands on a line, its fix under it."""
    result = run("doctor", "--config", write(public_url=here.url))
    assert result.exit_code == 4
    assert "fail    webhooks       +19585550123: SmsUrl is another application's" in result.output
    assert "fix: tandem numbers point +19585550123" in result.output
    assert "hunter2" not in result.output


def test_a_wrong_token_is_named(examine: Callable[..., Result]) -> None:
    """401 is told as a wrong token, and the key to correct."""
    result = examine(lambda account: setattr(account, "token", "another-token"))
    assert result.exit_code == 4
    (phone,) = [each for each in troubles(result) if each["subject"] == "support phone"]
    assert phone["check"] == "credentials"
    assert "wrong token" in phone["fix"]
    assert "assistants.support.phone.auth_token" in phone["fix"]


def test_a_suspended_account_is_named(examine: Callable[..., Result]) -> None:
    """An account that the carrier suspended lets us in, and is told."""
    result = examine(lambda account: setattr(account, "suspended", True))
    assert {each["told"] for each in troubles(result)} == {f"account {SID} is suspended"}


def test_a_foreign_number_is_forbidden(examine: Callable[..., Result]) -> None:
    """A number of another account is told with the account that was asked."""
    result = examine(number=OTHER)
    (trouble,) = troubles(result)
    assert trouble["told"] == f"Forbidden: {OTHER} is not a number of account {SID}"


def test_a_voice_only_number_cannot_text(examine: Callable[..., Result]) -> None:
    """A number without sms that is to take texts is told, with the section to change."""
    able = {"voice": True, "sms": False}
    result = examine(lambda account: account.numbers[NUMBER].update(capabilities=able))
    (trouble,) = troubles(result)
    assert "cannot take texts" in trouble["told"]
    assert "messaging.numbers" in trouble["fix"]


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        (
            "sms_url",
            "https://other.example.com/in",
            "SmsUrl is another application's: https://other.example.com/in",
        ),
        ("voice_url", "", "VoiceUrl is not set"),
        ("voice_application_sid", "AP" + "1" * 32, "the carrier ignores the number's addresses"),
        ("sms_application_sid", "AP" + "1" * 32, "the carrier ignores the number's addresses"),
        ("trunk_sid", "TK" + "1" * 32, "TrunkSid"),
    ],
)
def test_traffic_that_goes_elsewhere_is_told(
    examine: Callable[..., Result], field: str, value: str, told: str
) -> None:
    """Another application's address, none, an application and a trunk each fail with the command that mends it."""
    result = examine(lambda account: account.numbers[NUMBER].update({field: value}))
    assert result.exit_code == 4
    (trouble,) = troubles(result)
    assert told in trouble["told"]
    assert trouble["fix"].startswith(f"tandem numbers point {NUMBER}")
    assert ("--replace-application" in trouble["fix"]) == field.endswith("_sid")


@pytest.mark.parametrize(("field", "value"), [("status_callback", ""), ("voice_method", "GET")])
def test_a_lesser_difference_is_a_warning(examine: Callable[..., Result], field: str, value: str) -> None:
    """A missing status address, or another method, is a warning: exit 0."""
    result = examine(lambda account: account.numbers[NUMBER].update({field: value}))
    assert result.exit_code == 0, result.output
    assert "webhooks" in {each["check"] for each in troubles(result, "warn")}


def test_two_addresses_mixed_up_fail(examine: Callable[..., Result], here: Here) -> None:
    """An address of ours in the wrong place is a failure, not a lesser difference."""
    result = examine(lambda account: account.numbers[NUMBER].update(sms_url=f"{here.url}/twilio/voice"))
    (trouble,) = troubles(result)
    assert "for something else" in trouble["told"]


@pytest.mark.parametrize(
    ("inbound", "on_number", "told"),
    [
        (None, False, "drops every text"),
        ("https://other.example.com/in", False, "another application's: https://other.example.com/in"),
        (None, True, ""),
    ],
)
def test_the_traps_of_messaging_services(
    examine: Callable[..., Result], inbound: str | None, on_number: bool, told: str
) -> None:
    """A service without an inbound URL, or with another's, keeps texts from us, unless it defers to the number."""

    def spoil(account: TwilioAccount) -> None:
        account.add_service("+19585550000", inbound_url=None)
        account.add_service(NUMBER, inbound_url=inbound, on_number=on_number)

    result = examine(spoil)
    assert result.exit_code == (4 if told else 0)
    assert [told in each["told"] for each in troubles(result)] == ([True] if told else [])
    assert "service" in {each["check"] for each in checks(result)}


def test_a_service_that_takes_texts_makes_the_number_s_address_idle(
    examine: Callable[..., Result], here: Here
) -> None:
    """In a service whose inbound URL is ours, another application's SmsUrl does no harm: exit 0."""

    def spoil(account: TwilioAccount) -> None:
        account.add_service(NUMBER, inbound_url=f"{here.url}/twilio/sms")
        account.numbers[NUMBER].update(sms_url="https://other.example.com/in")

    result = examine(spoil)
    assert result.exit_code == 0, result.output
    assert "other.example.com" not in result.stdout.splitlines()[-1]


def test_a_number_that_contains_ours_is_not_ours(examine: Callable[..., Result]) -> None:
    """The carrier's filter matches parts; a longer number that contains ours does not stand for it."""

    def spoil(account: TwilioAccount) -> None:
        account.add("+195855501991")

    (trouble,) = troubles(examine(spoil, number=OTHER))
    assert trouble["told"].startswith(f"Forbidden: {OTHER}")


def test_a_sender_outside_of_its_service_is_a_warning(examine: Callable[..., Result]) -> None:
    """With messaging_service_sid, a number that the service does not have is warned of: replies miss us."""
    ours = "MG" + f"{0:032x}"

    def spoil(account: TwilioAccount) -> None:
        account.add_service("+19585550000", inbound_url=None, on_number=True)

    result = examine(spoil, service=ours)
    assert result.exit_code == 0, result.output
    (warning,) = [each for each in troubles(result, "warn") if each["check"] == "service"]
    assert f"is no sender of {ours}" in warning["told"]


def test_one_trouble_of_an_account_is_told_once(examine: Callable[..., Result]) -> None:
    """Numbers that cannot be looked up for one reason are one finding, not one each."""
    result = examine(lambda account: setattr(account, "token", "another-token"))
    (number,) = [each for each in troubles(result) if each["check"] == "number"]
    assert number["subject"] == f"account {SID}"
    assert "service" not in {each["check"] for each in checks(result)}


def test_a_carrier_that_fails_is_unknown(examine: Callable[..., Result]) -> None:
    """500 is the carrier's trouble: checks are unknown, no fix of the configuration is made up, exit 4."""
    result = examine(lambda account: setattr(account, "status", 500))
    assert result.exit_code == 4
    found = troubles(result)
    assert {each["state"] for each in found} == {"unknown"}
    assert all("the carrier itself fails (500)" in each["told"] for each in found)


def test_a_slow_carrier_is_unknown(examine: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    """A carrier that does not answer in time is told as slow, and its checks as unknown."""
    monkeypatch.setattr(carrier, "ANSWER", 0.2)
    result = examine(lambda account: setattr(account, "slow", 3.0))
    assert result.exit_code == 4
    found = troubles(result)
    assert {each["state"] for each in found} == {"unknown"}
    assert all("is slow" in each["told"] for each in found)


@pytest.mark.parametrize(("skew", "state"), [(1.0, "ok"), (-10.0, "warn"), (90.0, "fail")])
def test_the_clocks_are_compared(examine: Callable[..., Result], skew: float, state: str) -> None:
    """A small difference from the carrier's clock is fine, a larger one warns, a great one fails."""
    result = examine(lambda account: setattr(account, "skew", skew))
    (clock,) = [each for each in checks(result) if each["check"] == "clock"]
    assert clock["state"] == state


@pytest.mark.anyio
async def test_another_service_of_the_carriers_host_does_not_tell_its_time() -> None:
    """An assistant's `Date` at another port says nothing of the carrier's clock."""
    clock = carrier.Clock()
    date = {"date": "Tue, 01 Jan 2030 00:00:00 GMT"}
    await clock.see(
        httpx.Response(501, headers=date, request=httpx.Request("HEAD", "http://127.0.0.1:9/turn"))
    )
    ours = integration("phone", "https://voice.example.com")
    assert clock.finding(replace(ours, base_url="http://127.0.0.1:8")) is None
    assert clock.finding(replace(ours, base_url="http://127.0.0.1:9/simulator")) is not None


def test_a_broken_configuration_is_exit_3(run: Run, tmp_path: Path) -> None:
    """A configuration with a mistake is reported, and nothing is asked."""
    file = tmp_path / "tandem.yaml"
    file.write_text("service: {}\n")
    plain, told = run("doctor", "--config", file), run("doctor", "--json", "--config", file)
    assert (plain.exit_code, told.exit_code) == (3, 3)
    assert [each["check"] for each in checks(told)] == ["configuration"]

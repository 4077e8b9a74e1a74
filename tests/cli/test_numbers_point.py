"""`tandem numbers point` and `restore`: what is changed, when, and how it comes back."""

from __future__ import annotations

import asyncio
import copy
import json
import stat
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from channels.twilio.integration import CallStyle, Integration
from orchestrator.cli.numbers.change import Consent, carry_out
from orchestrator.cli.numbers.plan import pointing
from orchestrator.cli.numbers.targets import Target, look
from tests.cli.conftest import PUBLIC, Run
from tests.cli.twilio import NUMBER, OLD, SID, TOKEN, TwilioAccount

Write = Callable[..., Path]
TAIL = "#rc=3&rp=5xx,ct,rt&rt=4500&tt=15000"
OURS = {
    "VoiceUrl": f"{PUBLIC}/twilio/voice{TAIL}",
    "VoiceMethod": "POST",
    "VoiceFallbackUrl": f"{PUBLIC}/twilio/voice/fallback{TAIL}",
    "StatusCallback": f"{PUBLIC}/twilio/voice/status{TAIL}",
    "StatusCallbackMethod": "POST",
    "SmsUrl": f"{PUBLIC}/twilio/sms{TAIL}",
    "SmsMethod": "POST",
    "SmsFallbackUrl": f"{PUBLIC}/twilio/sms/fallback{TAIL}",
    "SmsFallbackMethod": "POST",
}


def old_values(account: TwilioAccount) -> dict[str, str]:
    """What the carrier has for our number, as a change writes it."""
    return {name: account.numbers[NUMBER][name] or "" for name in OLD}


def backups(file: Path) -> list[Path]:
    """The backups beside a configuration."""
    return sorted((file.parent / ".tandem").glob("numbers-*.json"))


def test_point_writes_only_what_differs(run: Run, write: Write, account: TwilioAccount) -> None:
    """All addresses are set with POST and the connection overrides, in one write; a second run has nothing to do."""
    file = write()
    first, again = (run("numbers", "point", "--config", file, "--yes") for _ in range(2))
    assert (first.exit_code, again.exit_code) == (0, 0), first.output + again.output
    assert account.writes == [OURS]
    assert "nothing to change" in again.output
    assert len(backups(file)) == 1


def test_restore_is_exact(run: Run, write: Write, account: TwilioAccount) -> None:
    """`restore` brings back every address with its fragment and query, every method and every sid."""
    account.add(voice_application_sid="AP" + "1" * 32, sms_application_sid="AP" + "2" * 32)
    before = old_values(account)
    file = write()
    pointed = run("numbers", "point", "--config", file, "--yes", "--replace-application")
    assert pointed.exit_code == 0, pointed.output
    assert account.numbers[NUMBER]["voice_application_sid"] == ""
    assert account.numbers[NUMBER]["sms_application_sid"] == ""
    restored = run("numbers", "restore", "--config", file, "--yes")
    assert restored.exit_code == 0, restored.output
    assert old_values(account) == before
    assert f"- {OURS['VoiceUrl']}" in restored.output


def test_a_trunk_comes_back(run: Run, write: Write, account: TwilioAccount) -> None:
    """A trunk that was taken away on demand is set again by `restore`."""
    account.add(trunk_sid="TK" + "3" * 32)
    file = write()
    run("numbers", "point", "--config", file, "--yes", "--replace-application")
    assert account.numbers[NUMBER]["trunk_sid"] == ""
    run("numbers", "restore", backups(file)[-1], "--config", file, "--yes")
    assert account.numbers[NUMBER]["trunk_sid"] == "TK" + "3" * 32


def test_restore_leaves_what_point_did_not_touch(run: Run, write: Write, account: TwilioAccount) -> None:
    """A setting that `point` did not change, and somebody else did since, stays as it is."""
    file = write(kinds=("phone",))
    run("numbers", "point", "--config", file, "--yes")
    account.numbers[NUMBER]["sms_url"] = "https://third.example.com/sms"
    run("numbers", "restore", "--config", file, "--yes")
    assert account.numbers[NUMBER]["sms_url"] == "https://third.example.com/sms"
    assert account.numbers[NUMBER]["voice_url"] == OLD["voice_url"]


@pytest.mark.parametrize(("kind", "kept"), [("phone", "Sms"), ("messaging", "Voice")])
def test_a_channel_that_is_not_configured_keeps_its_addresses(
    run: Run, write: Write, account: TwilioAccount, kind: str, kept: str
) -> None:
    """A number that serves one channel keeps the addresses of the other."""
    assert run("numbers", "point", "--config", write(kinds=(kind,)), "--yes").exit_code == 0
    (form,) = account.writes
    assert form
    assert not [name for name in form if name.startswith(kept)]
    assert ("StatusCallback" in form) == (kind == "phone")


def test_nothing_without_confirmation(run: Run, write: Write, account: TwilioAccount) -> None:
    """Without a terminal and --yes the difference is shown, and the command refuses: exit 2, no write, no backup."""
    file = write()
    told = run("numbers", "point", "--config", file)
    assert told.exit_code == 2
    assert "--yes" in told.output
    assert f"+ {OURS['SmsUrl']}" in told.output
    assert account.writes == []
    assert backups(file) == []


def test_a_dry_run_changes_nothing(run: Run, write: Write, account: TwilioAccount) -> None:
    """--dry-run shows the same difference, as JSON too, and exits 0."""
    file = write()
    told = run("numbers", "point", NUMBER, "--config", file, "--dry-run", "--json")
    assert told.exit_code == 0, told.output
    document = json.loads(told.stdout)
    assert document["state"] == "planned"
    assert {each["field"]: each["after"] for each in document["numbers"][0]["changes"]} == OURS
    assert account.writes == []
    assert backups(file) == []


def test_the_backup_is_written_first_and_is_private(run: Run, write: Write, account: TwilioAccount) -> None:
    """The old values are in a file of mode 600 although the carrier then takes nothing; exit 4 tells which."""
    account.ignores = {"SmsUrl"}
    file = write()
    told = run("numbers", "point", "--config", file, "--yes")
    assert told.exit_code == 4
    assert "did not take SmsUrl" in told.output
    (kept,) = backups(file)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert json.loads(kept.read_text())["numbers"][0]["before"]["VoiceUrl"] == OLD["voice_url"]


def test_a_backup_that_cannot_be_written_stops_it(run: Run, write: Write, account: TwilioAccount) -> None:
    """Where the old values cannot be kept, nothing is changed."""
    file = write()
    (file.parent / ".tandem").write_text("a file is in the way")
    told = run("numbers", "point", "--config", file, "--yes")
    assert told.exit_code == 4
    assert "nothing was changed" in told.output
    assert account.writes == []


def test_an_application_is_told_and_stays(run: Run, write: Write, account: TwilioAccount) -> None:
    """An application makes addresses ignored: it is said, the way out is offered, and it stays."""
    account.add(voice_application_sid="AP" + "1" * 32)
    told = run("numbers", "point", "--config", write(), "--yes")
    assert "--replace-application" in told.output
    assert "VoiceApplicationSid" not in account.writes[0]


def test_secrets_of_another_application_are_not_shown(run: Run, write: Write) -> None:
    """Passwords and tokens in another's address are hidden, on the terminal and in JSON; our token never appears."""
    for arguments in (
        ("list",),
        ("list", "--json"),
        ("point", "--dry-run"),
        ("point", "--dry-run", "--json"),
    ):
        told = run("numbers", *arguments, "--config", write())
        assert "old.example.com/voice" in told.output
        for secret in ("hunter2", "s3cret", TOKEN):
            assert secret not in told.output


def test_an_unknown_number_is_a_usage_error(run: Run, write: Write, account: TwilioAccount) -> None:
    """A number that the configuration does not have is refused with those that it has."""
    for given in ("+19585559999", "(958) 555"):
        told = run("numbers", "point", given, "--config", write(), "--yes")
        assert told.exit_code == 2, told.output
    assert account.writes == []


def test_one_missing_number_stops_all(run: Run, write: Write, account: TwilioAccount) -> None:
    """If a number is not the account's, no number is changed: exit 4, and the fix."""
    told = run("numbers", "point", "--config", write(number="+19585550199"), "--yes")
    assert told.exit_code == 4
    assert f"Forbidden: +19585550199 is not a number of account {SID}" in told.output
    assert "fix: " in told.output
    assert account.writes == []


def test_a_backup_of_another_account_is_refused(run: Run, write: Write, account: TwilioAccount) -> None:
    """`restore` refuses a backup of an account that the configuration does not use."""
    run("numbers", "point", "--config", write(), "--yes")
    before = copy.deepcopy(account.numbers)
    other = write(sid="AC" + "b" * 32)
    told = run("numbers", "restore", "--config", other, "--yes")
    assert told.exit_code == 2
    assert f"a backup of account {SID}" in told.output
    assert account.numbers == before


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"version": 1}',
        '{"version": 9, "numbers": []}',
        '{"version": 1, "numbers": [{"before": 1}]}',
    ],
)
def test_a_broken_backup_is_told(run: Run, write: Write, tmp_path: Path, text: str) -> None:
    """A file that is no backup is named in one line, exit 2."""
    broken = tmp_path / "broken.json"
    broken.write_text(text)
    told = run("numbers", "restore", broken, "--config", write(), "--yes")
    assert told.exit_code == 2
    assert "broken.json" in told.output


def test_nothing_to_restore_is_told(run: Run, write: Write) -> None:
    """Without a backup `restore` says so, exit 2."""
    assert run("numbers", "restore", "--config", write(), "--yes").exit_code == 2


def target(url: str) -> Target:
    """Our number, for the parts below the command line."""
    line = Integration(
        assistant="support",
        kind="phone",
        numbers=(NUMBER,),
        account_sid=SID,
        auth_tokens=(TOKEN,),
        style=CallStyle(public_url=PUBLIC),
        base_url=url,
    )
    return Target(line, NUMBER, frozenset({"phone"}))


@pytest.mark.parametrize(("answer", "state"), [(True, "changed"), (False, "declined")])
def test_a_person_decides(
    account: TwilioAccount, carrier_url: str, tmp_path: Path, answer: bool, state: str
) -> None:
    """On a terminal the answer to the question decides, and the difference was shown before it."""
    said: list[str] = []

    async def go() -> str:
        async with httpx.AsyncClient() as http:
            found = await look(http, target(carrier_url))
            assert found.owned
            plan = pointing(found.target, found.owned, PUBLIC, replace_application=False)

            def ask(question: str) -> bool:
                assert question == "Change 1 number at the carrier?"
                assert f"    + {OURS['VoiceUrl']}" in said
                return answer

            consent = Consent(yes=False, dry_run=False, ask=ask)
            return (await carry_out(http, [plan], consent, lambda _: tmp_path / "kept", said.append)).state

    assert asyncio.run(go()) == state
    assert bool(account.writes) is answer


def test_what_changed_meanwhile_is_not_overwritten(
    account: TwilioAccount, carrier_url: str, tmp_path: Path
) -> None:
    """If the carrier's values change between the question and the answer, nothing is written."""

    async def go() -> str:
        async with httpx.AsyncClient() as http:
            found = await look(http, target(carrier_url))
            assert found.owned
            plan = pointing(found.target, found.owned, PUBLIC, replace_application=False)

            def ask(_: str) -> bool:
                account.numbers[NUMBER]["voice_url"] = "https://third.example.com/voice"
                return True

            consent = Consent(yes=False, dry_run=False, ask=ask)
            return (await carry_out(http, [plan], consent, lambda _: tmp_path / "kept", lambda _: None)).state

    assert asyncio.run(go()) == "failed"
    assert account.writes == []

"""`messaging.failover` in the commands: its numbers are listed, pointed and examined with its own credentials."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import PUBLIC, Run
from tests.cli.twilio import SID, TOKEN, TwilioAccount

Write = Callable[..., Path]
SECOND = "+19585550301"


def failing_over(file: Path, **changes: str) -> Path:
    """The configuration with a second section at the same carrier."""
    made = json.loads(file.read_text("utf-8"))
    first = made["assistants"]["support"]["messaging"]
    first["failover"] = {**first, "numbers": [SECOND], "account_sid": SID, "auth_token": TOKEN, **changes}
    file.write_text(json.dumps(made), encoding="utf-8")
    return file


def test_its_numbers_are_pointed_and_listed(run: Run, write: Write, account: TwilioAccount) -> None:
    """Its texts are pointed to us like the first account's; the list names its section."""
    account.add(SECOND)
    config = failing_over(write())
    pointed = run("numbers", "point", SECOND, "--yes", "--config", config)
    assert pointed.exit_code == 0, pointed.output
    told = run("numbers", "list", "--config", config, "--json")
    found = {each["section"]: each for each in json.loads(told.stdout)["integrations"]}
    (number,) = found["messaging.failover"]["numbers"]
    settings = {each["field"]: each for each in number["settings"]}
    assert (number["number"], settings["SmsUrl"]["mark"]) == (SECOND, "same")
    assert settings["SmsUrl"]["url"].startswith(f"{PUBLIC}/twilio/sms")


def test_its_token_is_examined(run: Run, write: Write) -> None:
    """A second account that lets nobody in is found before it is needed, and told by its section."""
    config = failing_over(write(), auth_token="a-wrong-token-of-the-second")
    told = run("doctor", "--config", config)
    lines = [line for line in told.output.splitlines() if "credentials" in line]
    assert any("ok" in line and "support messaging:" in line for line in lines), told.output
    assert any("fail" in line and "support messaging.failover:" in line for line in lines), told.output
    assert "a-wrong-token" not in told.output
    assert told.exit_code != 0

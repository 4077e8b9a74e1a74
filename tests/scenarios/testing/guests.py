"""A project of somebody else, with packages of its own that are called `config` and `channels`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.scenarios.format.plays import DESIGN

OWN = """\
import channels
import config
import sys


def test_our_own_packages_are_ours():
    assert (config.NAME, channels.NAME) == ("their config", "their channels")


def test_nothing_of_tandem_is_in_the_way():
    assert not [name for name in sys.modules if name.split(".")[0] == "orchestrator" and "format" in name]
"""
PYTHON = """\
import pytest


@pytest.fixture
def ana(scenario):
    return scenario.person("Ana", "+15550101234")


def test_the_talk_goes_on(scenario, ana):
    scenario.setting(settings={"messaging.text_reply_timeout": "2m"}, never=[{"a text contains": "<"}])
    ana.calls()
    scenario.bot.says("Hello.")
    ana.hears({"starts with": "Hel"})
    ana.says("I moved")
    scenario.bot.asks_for_a_text("Your address?", say="I am texting you.", keep_as="address")
    scenario.expect(state="awaiting_text", timers={"text_reply": "2m"})
    scenario.wait("50s")
    ana.texts("12 Main St")
    scenario.expect(bot_was_asked={"by": "text", "words": "12 Main St"})
    scenario.bot.says("Thanks.")
    scenario.expect(timers=None, context={"address": "12 Main St"})
    ana.hangs_up()
    scenario.ends(state="text_only", texts=1)


def test_a_wrong_check(scenario, ana):
    ana.calls()
    scenario.bot.says("Hello.")
    ana.hears("Hullo.")


def test_a_wrong_word(scenario, ana):
    scenario.wait("2 min")


def test_an_unmentioned_text(scenario, ana):
    scenario.setting(settings={"messaging.initiate_from_inbound": False, "messaging.refusal_message": "No."})
    ana.texts("Hello?")
"""
FAILS = "scenario: Fails\ntags: [slow]\npeople: {Ana: +15550101234}\nsteps:\n  - Ana calls\n  - bot says: Hi.\n  - Ana hears: Ho.\n"
BROKEN = "scenario: Broken\npeople: {Ana: +15550101234}\nsteps:\n  - Ana cals\n"
SKIPPED = "scenario: Skipped\nskip: not now\npeople: {Ana: +15550101234}\nsteps:\n  - Ana calls\n"
REFUSED = "scenario: No\npeople: {Ana: +15550101234}\nsteps:\n  - Ana texts: Hi\n  - expect: {event: text_refused}\n"
CLOSED = (
    "scenario: Closed\npeople: {Ana: +15550101234}\n"
    "steps:\n  - Ana texts: Hi\n  - bot fails: 500\n  - Ana receives: Closed.\n"
)
SHOP = """\
service: {public_url: 'https://shop.test', redis_url: 'memory://', api_token: a-token}
assistants:
  shop:
    backend: {kind: scripted}
    phone: {numbers: [+19585550199], base_url: simulator}
    messaging: {numbers: [+19585550199], base_url: simulator, initiate_from_inbound: false}
"""
FAULTY = "scenario: Faulty\nexpected to fail: not built\n" + FAILS.partition("\n")[2]


def project(folder: Path) -> Path:
    """The project, with the scenarios of the design."""
    for name in ("config", "channels"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text(f'NAME = "their {name}"\n', encoding="utf-8")
    (folder / "test_own.py").write_text(OWN, encoding="utf-8")
    (folder / "plays").mkdir()
    for name, text in DESIGN.items():
        (folder / "plays" / f"{name}.scenario.yaml").write_text(text, encoding="utf-8")
    return folder


def ran(folder: Path, *command: str) -> tuple[int, str]:
    """Exit code and output of a program of our environment, started as that project would."""
    program = str(Path(sys.executable).with_name(command[0]))
    environ = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"}
    done = subprocess.run(
        [program, *command[1:]],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr

"""`tandem init`: a project that runs as it is."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

import config
from orchestrator.cli.init import FILES
from orchestrator.cli.serve import greeting
from tests.cli.conftest import Run
from tests.cli.terminals import environment, in_background
from tests.cli.terminals import run as ran
from tests.servers import free_port


def test_it_writes_a_project_without_mistakes(tmp_path: Path, run: Run) -> None:
    """The files are there, and the configuration and its script check without a variable set."""
    folder = tmp_path / "new" / "project"
    assert run("init", folder).exit_code == 0
    assert {path.name for path in folder.iterdir()} == {*FILES, ".env"}
    checked = run("check", folder / "tandem.yaml")
    assert checked.exit_code == 0
    assert "fine" in checked.output


def test_secrets_are_new_and_for_the_owner_only(tmp_path: Path, run: Run) -> None:
    """Each project has a token and keys of its own, which git leaves out and nobody else may read."""
    tokens = set()
    for name in ("one", "two"):
        result = run("init", tmp_path / name)
        file = tmp_path / name / ".env"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        token = config.load(tmp_path / name / "tandem.yaml", {}).service.api_token.reveal()
        assert token not in result.output
        tokens.add(token)
    assert len(tokens) == 2
    kept_out = (tmp_path / "one" / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {".env", ".tandem/"} <= set(kept_out)


def test_it_writes_over_nothing(tmp_path: Path, run: Run) -> None:
    """Files that are there are named, exit 1, and none is written, not even a missing one."""
    (tmp_path / "bot.py").write_text("mine", encoding="utf-8")
    (tmp_path / ".env").write_text("MINE=1", encoding="utf-8")
    result = run("init", tmp_path)
    assert result.exit_code == 1
    assert "bot.py, .env" in result.output
    assert {path.name for path in tmp_path.iterdir()} == {"bot.py", ".env"}


def test_by_force_it_writes_over_files_but_never_over_secrets(tmp_path: Path, run: Run) -> None:
    """`--force` brings the files back as they were, and keeps `.env`."""
    run("init", tmp_path)
    secrets = (tmp_path / ".env").read_text(encoding="utf-8")
    (tmp_path / "tandem.yaml").write_text("spoilt", encoding="utf-8")
    assert run("init", tmp_path, "--force").exit_code == 0
    assert run("check", tmp_path / "tandem.yaml").exit_code == 0
    assert (tmp_path / ".env").read_text(encoding="utf-8") == secrets


def test_a_place_that_is_no_folder_is_told(tmp_path: Path, run: Run) -> None:
    """A file where the folder should be is an error with its name, exit 1."""
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    for place in ("taken", "taken/below"):
        result = run("init", tmp_path / place)
        assert result.exit_code == 1
        assert "cannot be written" in result.output


def test_the_bot_is_short(tmp_path: Path, run: Run) -> None:
    """The sample bot has at most 40 lines."""
    run("init", tmp_path)
    assert len((tmp_path / "bot.py").read_text(encoding="utf-8").splitlines()) <= 40


@pytest.fixture
def bot_project(tmp_path: Path) -> Path:
    """A project whose commented backend is in force, the bot on a free port."""
    folder = tmp_path / "project"
    ran("init", str(folder), folder=tmp_path, env=environment(1))
    bot_port = str(free_port())
    yaml = (folder / "tandem.yaml").read_text(encoding="utf-8")
    before, _, rest = yaml.partition("    backend:\n      kind: scripted\n      file: assistant.yaml\n")
    lines = [line.replace("    # ", "    ", 1) for line in rest.splitlines()[:6]]
    kept = [line for line in lines if not line.startswith("    Your own program")]
    changed = before + "\n".join([*kept, *rest.splitlines()[6:]]) + "\n"
    (folder / "tandem.yaml").write_text(changed.replace("9000", bot_port), encoding="utf-8")
    bot = (folder / "bot.py").read_text(encoding="utf-8").replace("9000", bot_port)
    (folder / "bot.py").write_text(bot, encoding="utf-8")
    return folder


def test_the_bot_answers_calls_and_texts(bot_project: Path) -> None:
    """With the commented lines in force the sample bot asks for a text in the call, and goes on by text."""
    port = free_port()
    env = environment(port)
    bot_port = next(
        line.rpartition(":")[2].partition("/")[0]
        for line in (bot_project / "tandem.yaml").read_text(encoding="utf-8").splitlines()
        if line.strip().startswith("url:")
    )
    bot = in_background([sys.executable, "bot.py"], bot_project, env, f"http://127.0.0.1:{bot_port}/")
    command = [str(Path(sys.executable).with_name("tandem")), "serve", "--port", str(port)]
    with bot, in_background(command, bot_project, env, f"http://127.0.0.1:{port}/livez"):
        lines = "I have moved\n/text 12 Mill Lane\n/hangup\nhello\n"
        called = ran("call", folder=bot_project, env=env, lines=lines)
    assert called.returncode == 0, called.stderr
    shown = " ".join(called.stdout.split())
    for words in (
        "Have you moved?",
        "What is your new address?",
        "I have noted 12 Mill Lane.",
        "You said: hello",
    ):
        assert words in shown


def test_the_service_tells_what_to_change_for_real_use(tmp_path: Path, run: Run) -> None:
    """Served as it is, the project is said to be simulated, with what real use needs; a real one is not."""
    run("init", tmp_path)
    settings = config.load(tmp_path / "tandem.yaml", {})
    said = " ".join(greeting(settings, "127.0.0.1", 8080))
    for words in ("tandem call", "public_url", "Redis", "account_sid"):
        assert words in said
    yaml = (tmp_path / "tandem.yaml").read_text(encoding="utf-8")
    account = f"account_sid: AC{'1' * 32}\n      auth_token: token"
    (tmp_path / "tandem.yaml").write_text(yaml.replace("base_url: simulator", account), encoding="utf-8")
    real = config.load(tmp_path / "tandem.yaml", {})
    assert "tandem call" not in " ".join(greeting(real, "127.0.0.1", 8080))

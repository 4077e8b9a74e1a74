"""The pytest plugin: collects `*.scenario.yaml`, and gives tests in Python the fixture `scenario`.

pytest loads it in every project of the environment. So it imports the standard library and pytest only, and
starts nothing before a scenario is collected; the scenarios play in a process of their own, where our
packages cannot meet the project's.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from orchestrator.scenarios.fixture import Scenario

ENDINGS = (".scenario.yaml", ".scenario.yml")
GUEST = Path(__file__).resolve().parents[1] / "guest.py"
_PLAYER: pytest.StashKey[Player] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of `tandem test` that choose what plays."""
    group = parser.getgroup("tandem", "Tandem scenarios")
    group.addoption(
        "--scenario-config",
        metavar="FILE",
        default="",
        help="the tandem.yaml that scenarios run with; else the one beside each, else a built-in one",
    )
    group.addoption(
        "--scenario-assistant",
        metavar="NAME",
        default="",
        help="let this assistant of the configuration answer; the bot's lines are checks then",
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A file of scenarios."""
    if file_path.name.endswith(ENDINGS):
        return ScenarioFile.from_parent(parent, path=file_path)
    return None


@pytest.fixture
def scenario(request: pytest.FixtureRequest) -> Iterator[Scenario]:
    """A play in Python, on the real service in virtual time: `ana = scenario.person("Ana"); ana.calls()`."""
    from orchestrator.scenarios.fixture import Scenario  # noqa: PLC0415 - nothing of ours before it is used

    file, line, _ = request.node.location
    option = request.config.getoption
    config = option("--scenario-config")
    play = Scenario(
        player_of(request.config).ask,
        request.node.name,
        (str(request.config.rootpath / file), (line or 0) + 1),
        str(Path(config).resolve()) if config else "",
        option("--scenario-assistant"),
    )
    yield play
    play.abandon()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """A play in Python ends with its test, so that what nobody mentioned fails the test."""
    fixture = "orchestrator.scenarios.fixture"  # another project may have a fixture called `scenario`
    try:
        result = yield
    except Exception as error:
        if type(error).__module__ == fixture:
            error.with_traceback(_of_tests(error.__traceback__))
        raise
    play: Any = getattr(item, "funcargs", {}).get("scenario")
    if type(play).__module__ == fixture and (left := play.finish()):
        pytest.fail(left, pytrace=False)
    return result


def _of_tests(way: TracebackType | None) -> TracebackType | None:
    """The way to an error without our own part of it."""
    if way is None or way.tb_frame.f_code.co_filename.startswith(str(GUEST.parent)):
        return way and _of_tests(way.tb_next)
    return TracebackType(_of_tests(way.tb_next), way.tb_frame, way.tb_lasti, way.tb_lineno)


def pytest_unconfigure(config: pytest.Config) -> None:
    """The other process ends with the session."""
    player = config.stash.get(_PLAYER, None)
    if player is not None:
        player.close()


class ScenarioFailed(Exception):  # noqa: N818 - its name is what pytest prints where a traceback would be
    """A scenario failed; the text is the whole report."""


class Player:
    """The process that plays: asked and answered in lines of JSON. Started by the first question."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def ask(self, **question: Any) -> dict[str, Any]:
        """One answer. Raises ScenarioFailed when the process has none to give."""
        process = self._process or self._started()
        assert process.stdin is not None  # noqa: S101 - both are pipes, for the type checker
        assert process.stdout is not None  # noqa: S101 - as above
        try:
            process.stdin.write(json.dumps(question) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except OSError:
            line = ""
        if not line:
            self.close()
            raise ScenarioFailed("the process that plays scenarios has ended")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise ScenarioFailed(answer["error"])
        return answer

    def close(self) -> None:
        """End the process; the next question starts another."""
        process, self._process = self._process, None
        if process is not None:
            with process:  # closes the pipes and waits; the process ends with its input
                pass

    def _started(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-P", str(GUEST)]  # -P: the folder at hand is not searched for packages
        self._process = subprocess.Popen(  # noqa: S603 - our own file, by our own interpreter
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )
        return self._process


def player_of(config: pytest.Config) -> Player:
    """The session's player."""
    return config.stash.setdefault(_PLAYER, Player())


class ScenarioFile(pytest.File):
    """A file of scenarios: an item for each, and for each row of its examples."""

    def collect(self) -> Iterable[pytest.Item]:
        """The items. A file with mistakes is an error with their report."""
        read = player_of(self.config).ask(op="read", **self.where())
        if "broken" in read:
            raise self.CollectError(read["broken"])
        for index, listed in enumerate(read["plays"]):
            item = ScenarioItem.from_parent(self, name=listed["name"])
            item.prepare(index, listed)
            yield item

    def where(self) -> dict[str, str]:
        """What names the file's plays to the player. The path is as people would type it."""
        path = self.path
        folder = self.config.invocation_params.dir
        shown = path.relative_to(folder) if path.is_relative_to(folder) else path
        config = self.config.getoption("--scenario-config")
        return {"file": str(shown), "configuration": str(Path(config).resolve()) if config else ""}


class ScenarioItem(pytest.Item):
    """One scenario. Its tags are markers."""

    index = 0
    line = 1

    def prepare(self, index: int, listed: dict[str, Any]) -> None:
        """Which of its file it is, and what is known of it."""
        self.index, self.line = index, listed["line"]
        if listed["skip"]:
            self.add_marker(pytest.mark.skip(reason=listed["skip"]))
        for tag in listed["tags"]:
            self.config.addinivalue_line("markers", f"{tag}: a tag of scenarios")
            self.add_marker(tag)

    def runtest(self) -> None:
        """Play it. Raises ScenarioFailed with the report."""
        assert isinstance(self.parent, ScenarioFile)  # noqa: S101 - it is made by one
        live = self.config.getoption("--scenario-assistant")
        played = player_of(self.config).ask(op="run", index=self.index, live=live, **self.parent.where())
        if played["result"] == "expected failure":
            pytest.xfail(played["reason"])
        if played["result"] == "failed":
            raise ScenarioFailed("\n".join(played["lines"]))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The report alone: the way there is nobody's business."""
        if isinstance(excinfo.value, ScenarioFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where it stands, for the list of results."""
        return self.path, self.line - 1, self.name

"""A session that really happened: played once, and read from the API as `tandem sessions show` does."""

from __future__ import annotations

from typing import Any

from orchestrator.scenarios.format import parse
from orchestrator.scenarios.past import History
from orchestrator.scenarios.past.comparing import timeline
from orchestrator.scenarios.stage import Configuration, House
from orchestrator.scenarios.stage.loop import VirtualLoop
from orchestrator.scenarios.stage.run import Performance, logged
from orchestrator.scenarios.stage.scene import Scene
from tests.scenarios.stage.plays import written


class _Seen(Performance):
    """Keeps what the API gives of the newest session."""

    found: Any = None
    events: Any = ()

    async def look_back(self, scene: Scene) -> None:
        """Read it before the service stops."""
        self.found = (await scene.sessions())[0]
        self.events = await timeline(scene, self.found["id"])


def happened(steps: str, head: str = "") -> dict[str, Any]:
    """The session that these steps lead to, with its events, as `tandem sessions show --json` gives it."""
    loaded = parse(written(steps, head), "a.scenario.yaml")
    assert not loaded.problems, loaded.report
    loop = VirtualLoop()
    seen = _Seen(loaded.plays[0], Configuration(), "", None, loop, House())
    with logged(seen):
        failure = seen.perform()
    loop.close()
    assert failure is None, failure
    return {**seen.found, "events": seen.events}


def history(steps: str, head: str = "") -> History:
    """The same, read."""
    found = happened(steps, head)
    return History.of(found, found["events"])

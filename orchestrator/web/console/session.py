"""The Session page: one conversation on two lanes, its states, its context step by step, and what may be
done about it now.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import Response

from orchestrator.core.session import Word
from orchestrator.ports import Reader
from orchestrator.ports.sendings import Sending, Sendings
from orchestrator.web import cdr
from orchestrator.web.api.acting import Acting
from orchestrator.web.api.body import read_json
from orchestrator.web.api.finding import Finder
from orchestrator.web.api.validation import read_action
from orchestrator.web.console import diagram
from orchestrator.web.console.codes import meaning
from orchestrator.web.console.room import Room
from orchestrator.web.console.story import Row, Story
from orchestrator.web.console.tables import as_csv, as_json
from orchestrator.web.console.visitors import Visitor
from orchestrator.web.feed import LOOK_EVERY, Feed
from orchestrator.web.streams import Streams, event

log = structlog.get_logger("tandem")
LINES = 1_000
"""Lines of a timeline on a page: as many as are kept."""
ALL_ACTIONS = (
    "send_text",
    "ask_for_text",
    "say",
    "switch_channel",
    "transfer",
    "hang_up",
    "set_context",
    "end",
)
"""In the order of their buttons."""
LOOKS_AT_TEXTS = 4
"""Every how manyth look asks what became of the texts."""
COLUMNS = ("id", "at", "type", "channel", "state", "state_after", "data")


class SessionPage:
    """The page of one session, its changes, its files, and the actions on it."""

    def __init__(
        self,
        room: Room,
        reader: Reader,
        finder: Finder,
        acting: Acting,
        sendings: Sendings,
        *,
        feed: Feed,
        streams: Streams,
        has_scenarios: bool = False,
        has_replay: bool = False,
    ) -> None:
        self._room = room
        self._reader = reader
        self._finder = finder
        self._acting = acting
        self._sendings = sendings
        self._has = {"has_scenarios": has_scenarios, "has_replay": has_replay}
        self._feed = feed
        self._streams = streams

    async def page(self, request: Request, visitor: Visitor) -> Response:
        """The whole page."""
        session_id = request.path_params["id"]
        summary, lines = await self.look(session_id, visitor)
        shown = self.shown(summary, Story(lines)) | {"sent": await self.sent(session_id)}
        return self._room.page("session.html", visitor, "live", **shown, **self._has)

    async def stream(self, request: Request, visitor: Visitor) -> Response:
        """The page's changes after the line that it shows last."""
        session_id = request.path_params["id"]
        await self._finder.find(session_id)
        after = request.headers.get("last-event-id") or request.query_params.get("after", "")
        return await self._streams.open(Changes(self, session_id, visitor, self._feed, after))

    async def act(self, request: Request, visitor: Visitor) -> Response:
        """An action, in the name of the visitor."""
        form = read_action(await read_json(request))
        answer = await self._acting.act(request, form, visitor.actor)
        log.info(
            "console.acted",
            actor=visitor.actor,
            action=form.model_dump().get("action"),
            session_id=request.path_params["id"],
            status=answer.status_code,
        )
        return answer

    async def as_json(self, request: Request, visitor: Visitor) -> Response:
        """The session and its timeline."""
        summary, lines = await self.look(request.path_params["id"], visitor)
        return as_json("events", lines, session=summary)

    async def as_csv(self, request: Request, visitor: Visitor) -> Response:
        """The timeline as a file."""
        _, lines = await self.look(request.path_params["id"], visitor)
        return as_csv(f"session-{request.path_params['id']}", COLUMNS, lines)

    async def look(
        self, session_id: str, visitor: Visitor
    ) -> tuple[dict[str, Any], Sequence[dict[str, Any]]]:
        """The session and its lines as this visitor sees them; 404 where there is none."""
        _, summary = await self._finder.find(session_id)
        lines = await self._reader.events(session_id, limit=LINES)
        eyes = self._room.eyes(visitor)
        shown = eyes.see(summary)
        shown["customer"] = {"phone_number": eyes.number(summary["customer"]["phone_number"])}
        return shown, eyes.see(lines)

    async def sent(self, session_id: str) -> dict[str, str]:
        """How each text of the session stands at the carrier, by its id, while the outbox remembers it."""
        address, _ = await self._finder.find(session_id)
        (kept,) = await self._sendings.sendings([address])
        return {name: standing(entry) for name, entry in cdr.by_text(kept).items()}

    def shown(self, summary: dict[str, Any], story: Story) -> dict[str, Any]:
        """What the templates of the page take."""
        return {
            "session": summary,
            "story": story,
            "rows": story.rows,
            "last": story.rows[-1].id if story.rows else "",
            "actions": [action for action in ALL_ACTIONS if action in summary["allowed"]]
            + people_may(summary),
            **drawing(summary["state"], story.moves),
        }

    def now(self) -> float:
        """The service's time, Unix seconds."""
        return self._room.clock.now()

    def bits(self, visitor: Visitor, shown: dict[str, Any]) -> dict[str, str]:
        """The parts of the page that are replaced when something happens."""
        names = ("head", "states", "actions")
        return {name: str(self._room.bit(f"session_{name}.html", visitor, **shown)) for name in names}

    def lines(self, visitor: Visitor, rows: Sequence[Row], sent: dict[str, str]) -> str:
        """Rows as markup."""
        return str(self._room.bit("session_rows.html", visitor, rows=rows, sent=sent))


class Changes:
    """What happens in one session: new rows, and the parts that they change."""

    def __init__(self, page: SessionPage, session_id: str, visitor: Visitor, feed: Feed, after: str) -> None:
        self.pause = LOOK_EVERY
        self._page = page
        self._id = session_id
        self._visitor = visitor
        self._feed = feed
        self._place = ""
        self._after = after
        self._told: dict[str, Any] = {}
        self._looks = 0

    async def more(self) -> list[str]:
        """One event with all that changed since the last one; the first one tells how things stand."""
        found, self._place = await self._feed.after(self._place)
        self._looks += 1
        is_new = any(line.session_id == self._id for line in found)
        if self._told and not is_new and self._looks % LOOKS_AT_TEXTS:
            return []  # what becomes of a text leaves no line: it is looked up now and then
        summary, lines = await self._page.look(self._id, self._visitor)
        story = Story(lines)
        rows = story.since(self._after)
        self._after = story.rows[-1].id if story.rows else self._after
        parts = self._page.bits(self._visitor, self._page.shown(summary, story))
        sent = await self._page.sent(self._id)
        stands = {"state": summary["state"], "steps": story.steps, "parts": parts, "sent": sent}
        if not rows and stands == self._told:
            return []
        self._told = stands
        told = {**stands, "rows": self._page.lines(self._visitor, rows, sent)}
        return [event(json.dumps(told), name="changes", place=self._after)]


def standing(entry: Sending) -> str:
    """How a text stands, in words."""
    mark = {"delivered": " ✓✓", "sent": " ✓"}.get(entry.status, "")
    code = f" {entry.code} {meaning(entry.code)}".rstrip() if entry.code else ""
    return f"{entry.status}{mark}{code}"


def people_may(summary: dict[str, Any]) -> list[str]:
    """What only people do, in an open session: answer in the assistant's place, and give it back."""
    if "end" not in summary["allowed"]:
        return []
    return ["release" if summary.get("handler") == "human" else "take_over"]


def drawing(state: Word | str, moved: frozenset[tuple[str, str]]) -> dict[str, Any]:
    """The diagram with the present state, the moves that were made, and those that are next."""
    return {
        "nodes": diagram.nodes(),
        "arrows": diagram.arrows(),
        "present": state,
        "moved": moved,
        "paper": (diagram.WIDTH, diagram.HEIGHT),
        "start": diagram.PLACES["idle"],
    }

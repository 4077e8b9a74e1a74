"""What all pages share: the templates, whose numbers are ours, and who is looking."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from orchestrator.ports import Clock
from orchestrator.web.console.masking import Eyes
from orchestrator.web.console.pages import HEADERS, Pages
from orchestrator.web.console.visitors import Visitor


class Room:
    """The console of a service: `assistants` by name, and our own numbers."""

    def __init__(
        self, pages: Pages, *, assistants: Sequence[str], ours: Collection[str], clock: Clock
    ) -> None:
        self.pages = pages
        self.assistants = tuple(assistants)
        self.clock = clock
        self._ours = frozenset(ours)

    def eyes(self, visitor: Visitor) -> Eyes:
        """How this visitor sees numbers."""
        return Eyes(reveals=visitor.reveals, ours=self._ours)

    def page(self, template: str, visitor: Visitor, here: str, **given: Any) -> HTMLResponse:
        """A whole page; `here` names it in the navigation."""
        return self.pages.page(template, **self._given(visitor, given), here=here)

    def part(self, template: str, visitor: Visitor, **given: Any) -> Response:
        """A part of a page, as an answer."""
        return HTMLResponse(self.bit(template, visitor, **given), headers=HEADERS)

    def bit(self, template: str, visitor: Visitor, **given: Any) -> Markup:
        """A part of a page, as markup."""
        return self.pages.part(template, **self._given(visitor, given))

    def _given(self, visitor: Visitor, given: dict[str, Any]) -> dict[str, Any]:
        return {"visitor": visitor, "assistants": self.assistants, "now": self.clock.now(), **given}

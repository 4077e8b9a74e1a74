"""Pages from templates: everything that is put in is text, never markup; nothing is loaded from elsewhere."""

from __future__ import annotations

import json
from datetime import UTC, datetime, tzinfo
from hashlib import sha256
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing inline, nothing from elsewhere: a script in a message could not run even as markup."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
PACKAGE = "orchestrator.web.console"
TIMER_WORDS = {"text_reply": "waits for a text", "reminder": "reminds", "session": "ends by silence"}


class Pages:
    """The templates, with what each of them may use. `zone` is `service.timezone`."""

    def __init__(self, zone: str = "UTC", *, has_phone: bool = False) -> None:
        self.zone: tzinfo = ZoneInfo(zone)
        self._templates = Environment(
            loader=PackageLoader(PACKAGE),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(assets=fingerprint(), has_phone=has_phone, timer_words=TIMER_WORDS)
        self._templates.filters.update(
            clock=self.clock, day=self.day, moment=self.moment, said=state_words, compact=compact
        )

    def clock(self, at: str | None) -> str:
        """A moment (RFC 3339) as the time of day where the service is."""
        return "" if not at else self._local(at).strftime("%H:%M:%S")

    def day(self, at: str | None) -> str:
        """A moment as date and time where the service is."""
        return "" if not at else self._local(at).strftime("%Y-%m-%d %H:%M:%S")

    def moment(self, at: str | None, now: float) -> Markup:
        """A moment as short as it can be told apart from `now` (Unix seconds): the time of today, the day before
        that; whole when it is pointed at.
        """
        if not at:
            return Markup("")
        there, here = self._local(at), datetime.fromtimestamp(now, self.zone)
        if there.date() == here.date():
            short = f"{there:%H:%M:%S}"
        else:
            short = (
                f"{there.day} {there:%b}{'' if there.year == here.year else f' {there.year}'}, {there:%H:%M}"
            )
        return Markup('<time datetime="{}" title="{}">{}</time>').format(at, self.day(at), short)

    def _local(self, at: str) -> datetime:
        return datetime.fromisoformat(at).astimezone(self.zone)

    def part(self, template: str, **given: Any) -> Markup:
        """A part of a page."""
        return Markup(self._templates.get_template(template).render(given))  # noqa: S704 - the template escapes

    def page(self, template: str, status: int = 200, **given: Any) -> HTMLResponse:
        """A whole page."""
        return HTMLResponse(self.part(template, **given), status, headers=HEADERS)


def fingerprint() -> str:
    """Names the release of the static files, so that a browser never mixes two."""
    digest = sha256()
    for file in sorted((files(PACKAGE) / "static").iterdir(), key=lambda found: found.name):
        if file.is_file():
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def state_words(word: str) -> str:
    """A word for programs as people read it: `awaiting_text` is `awaiting text`."""
    return word.replace("_", " ")


def compact(value: Any) -> str:
    """A value of the context on one line."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 300 else f"{text[:299]}…"


def seconds_of(at: str) -> float:
    """A moment (RFC 3339) in Unix seconds."""
    return datetime.fromisoformat(at).astimezone(UTC).timestamp()

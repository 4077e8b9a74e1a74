"""Speech markup in an assistant's words: kept as it is where a voice may understand it.

What comes out is a well-formed fragment of the elements that carriers' voices know. Words with any
other markup, or with markup that is not well formed, are no SSML: they are spoken as plain text.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from orchestrator.core.wording import spoken

MARKS: dict[str, frozenset[str]] = {
    "break": frozenset({"strength", "time"}),
    "emphasis": frozenset({"level"}),
    "lang": frozenset({"xml:lang"}),
    "p": frozenset(),
    "phoneme": frozenset({"alphabet", "ph"}),
    "prosody": frozenset({"volume", "rate", "pitch"}),
    "s": frozenset(),
    "say-as": frozenset({"interpret-as", "format"}),
    "sub": frozenset({"alias"}),
    "w": frozenset({"role"}),
}
"""Elements and their attributes (W3C SSML 1.1, as far as Twilio's <Say> carries it)."""
MAX_DEPTH = 20
"""Elements within elements; nothing that is spoken needs a tenth of it."""
_MAY_HOLD = re.compile(rf"<(?:{'|'.join(MARKS)})[\s/>]")
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def as_ssml(source: str) -> str:
    """The words with their speech markup, or nothing where there is none that can be kept."""
    if not _MAY_HOLD.search(source) or "<!" in source or "<?" in source:
        return ""  # declarations could define entities
    try:
        root = ET.fromstring(f"<speak>{source}</speak>")  # noqa: S314 - without declarations nothing expands
    except (ET.ParseError, ValueError):
        return ""
    kept = _kept(root, MAX_DEPTH)
    return "" if kept is None else "".join(kept).strip()


def _kept(element: ET.Element, depth: int) -> list[str] | None:
    """The inside of an element as text, or None where something in it is no speech markup."""
    out = [_escaped(element.text)]
    for child in element:
        inner = _kept(child, depth - 1) if depth else None
        if inner is None or child.tag not in {"speak", *MARKS}:
            return None
        out += inner if child.tag == "speak" else _tagged(child, inner)
        out.append(_escaped(child.tail))
    return out


def _tagged(element: ET.Element, inner: list[str]) -> list[str]:
    named = {("xml:lang" if name == _XML_LANG else name): value for name, value in element.items()}
    attributes = "".join(
        f' {name}="{_quoted(value)}"' for name, value in named.items() if name in MARKS[element.tag]
    )
    return [f"<{element.tag}{attributes}>", *inner, f"</{element.tag}>"]


def _escaped(words: str | None) -> str:
    return spoken(words or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _quoted(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")

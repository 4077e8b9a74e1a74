"""Markup to plain words: HTML and SSML as a text message shows them, and as a voice says them.

Only what looks like a tag is one: `3 < 4`, `a<b` and `<your name>` are words. Links and emphasis in
Markdown are read too, as language models write them; everything else in it is left alone. What is
said of choices stands in `choices.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

from orchestrator.core.wording import BLOCK, lines, sentences

_BARE = "allowfullscreen|async|autofocus|autoplay|checked|controls|default|defer|disabled|hidden|loop|multiple|muted|novalidate|open|playsinline|readonly|required|reversed|selected"
_VALUE = r"""(?:"[^"<>]*(?:<[^"]*)?"|'[^']*'|[^\s"'<>=`]+)"""
_ATTRIBUTE = rf"\s+(?:[a-zA-Z_][\w:.-]*\s*=\s*{_VALUE}|(?:{_BARE})(?=[\s/>]))"
_TAG = re.compile(rf"<(?:/[a-zA-Z][\w:.-]*\s*|[a-zA-Z][\w.-]*(?::[a-zA-Z][\w.-]*)?(?:{_ATTRIBUTE})*\s*/?)>")
_ASIDE = r"<\?[a-zA-Z][^<>]*\?>|<!(?i:doctype)\b[^<>]*>"  # declarations
_AMPERSAND = re.compile(r"&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[a-zA-Z]\w{1,30};)")
_MARKUP = re.compile(rf"{_TAG.pattern}|{_ASIDE}|(?P<amp>{_AMPERSAND.pattern})|(?P<lt><)")
_DROPPED = {"script", "style", "head", "title", "template", "noscript", "desc", "metadata"}
_BLOCKS = {
    "p",
    "div",
    "li",
    "ul",
    "ol",
    "tr",
    "table",
    "section",
    "article",
    "header",
    "footer",
    "blockquote",
    "pre",
    "dl",
    "dt",
    "dd",
    "hr",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "s",
    "speak",
    "body",
    "html",
}
_SENTENCES = {"s", "speak", "body", "html"}  # they hold a line together, but end none on SMS
_SPACES = {"break", "td", "th", "wbr"}
_MARKDOWN_LINK = re.compile(r"\[([^\[\]\n]+)\]\((https?://[^\s()]+)\)")
_MARKDOWN_BOLD = re.compile(r"(?<![\w*])\*\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*\*(?![\w*])")
_MAX_PASSES = 8
"""Escaped markup is read again, so that no tag is left; after this many passes `<` itself goes."""


def as_text(source: str) -> str:
    """The words as a text message: links keep their address, list entries stand a line each."""
    return _read(source, spoken=False)


def as_speech(source: str) -> str:
    """The words as they are spoken: no addresses, no pictures, a list as sentences."""
    return _read(source, spoken=True)


def _read(source: str, *, spoken: bool) -> str:
    words = _pass(source, spoken=spoken)
    for _ in range(_MAX_PASSES):
        if not _holds_markup(words):
            return words
        words = _pass(words, spoken=spoken)
    return _pass(words.replace("<", " "), spoken=spoken)


def _holds_markup(words: str) -> bool:
    return any(found.lastgroup is None for found in _MARKUP.finditer(words))


def _pass(source: str, *, spoken: bool) -> str:
    source = _between(source, "<!--", "-->", lambda _: "")
    source = _between(
        source, "<![CDATA[", "]]>", lambda words: words.replace("&", "&amp;").replace("<", "&lt;")
    )
    reader = _Reader(spoken=spoken)
    reader.feed(_MARKUP.sub(_literal, _clean(source)))
    reader.close()
    words = "".join(reader.out)
    if reader.has_blocks:
        words = words.replace("\n", " ")
    words = _MARKDOWN_BOLD.sub(r"\1", words)
    return sentences(words) if spoken else lines(words)


def _between(source: str, opening: str, closing: str, changed: Callable[[str], str]) -> str:
    """The source with what stands between two marks changed; a mark that is not closed is words."""
    out, start = [], 0
    while (found := source.find(opening, start)) >= 0:
        end = source.find(closing, found + len(opening))
        if end < 0:
            break
        out += [source[start:found], changed(source[found + len(opening) : end])]
        start = end + len(closing)
    return "".join([*out, source[start:]])


def _literal(found: re.Match[str]) -> str:
    """`<` and `&` that begin nothing, escaped so that the parser takes them as words."""
    return "&lt;" if found["lt"] else _AMPERSAND.sub("&amp;", found[0])


def _clean(source: str) -> str:
    source = re.sub(r"\r\n?|[\u2028\u2029\x85]", "\n", source)
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b\ufeff]", "", source.replace("\t", " "))


class _Reader(HTMLParser):
    """Collects words in `out`; `BLOCK` marks where a block begins or ends, a line break is `br`."""

    def __init__(self, *, spoken: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.has_blocks = False
        self._spoken = spoken
        self._dropped = 0
        self._lists: list[int | None] = []  # the next number, None in a list without numbers
        self._links: list[tuple[str, int]] = []
        self._aliases: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open what the tag opens."""
        given = {name: value or "" for name, value in attrs}
        if tag in _DROPPED:
            self._dropped += 1
        elif tag in {"ul", "ol"}:
            start = given.get("start", "1")
            self._lists.append((int(start) if start.isdecimal() else 1) if tag == "ol" else None)
        elif tag == "a":
            self._links.append((given.get("href", "").strip(), len(self.out)))
        self._break(tag)
        self._insert(tag, given)
        if tag == "sub":  # SSML: an alias is said in place of the words
            self._aliases.append(int(self._spoken and "alias" in given))
            self._dropped += self._aliases[-1]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that closes itself opens nothing."""
        self._break(tag)
        self._insert(tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        """Close what the tag closes, if it is open."""
        if tag in _DROPPED:
            self._dropped = max(0, self._dropped - 1)
        elif tag in {"ul", "ol"} and self._lists:
            self._lists.pop()
        elif tag == "a" and self._links:
            self._close_link(*self._links.pop())
        elif tag == "sub" and self._aliases:
            self._dropped -= self._aliases.pop()
        if tag != "br":
            self._break(tag)

    def handle_data(self, data: str) -> None:
        """Words; Markdown's links are read before an address is taken for a bare one."""
        if self._dropped:
            return
        label = r"\1" if self._spoken else r"\1 (\2)"
        data = _MARKDOWN_LINK.sub(label, data)
        self.out.append(data)

    def close(self) -> None:
        """The end of the source; a link left open ends here."""
        super().close()
        while self._links:
            self._close_link(*self._links.pop())

    def _break(self, tag: str) -> None:
        if tag == "br" or tag in _BLOCKS:
            self.has_blocks = True
            self.out.append(BLOCK if self._spoken or tag not in _SENTENCES else " ")
        elif tag in _SPACES:
            self.out.append(" ")

    def _insert(self, tag: str, given: dict[str, str]) -> None:
        """The words that a tag itself stands for."""
        if self._dropped:
            return
        if tag == "li" and not self._spoken:
            self.out.append(self._bullet())
        elif tag == "img":
            self.out.append(f" {given.get('alt', '')} ")
        elif tag == "sub" and self._spoken and "alias" in given:
            self.out.append(f" {given['alias']} ")

    def _bullet(self) -> str:
        number = self._lists[-1] if self._lists else None
        if number is None:
            return "- "
        self._lists[-1] = number + 1
        return f"{number}. "

    def _close_link(self, address: str, start: int) -> None:
        label = " ".join("".join(self.out[start:]).split())
        scheme, _, rest = address.partition(":")
        shown = rest if scheme.lower() in {"tel", "mailto", "sms"} else address
        if self._spoken or self._dropped or not _worth_showing(address, shown, label):
            return
        self.out[start:] = [f"{label} ({shown})" if label else shown]


def _worth_showing(address: str, shown: str, label: str) -> bool:
    """An address says nothing if it leads nowhere outside, or if the label is the address."""
    if not shown or address.startswith(("#", "/")) or address.lower().startswith(("javascript:", "data:")):
        return False
    bare = re.sub(r"^https?://(www\.)?", "", shown).rstrip("/")
    compact = re.sub(r"[\s()-]", "", label)
    return not label or (bare not in label and shown not in compact)

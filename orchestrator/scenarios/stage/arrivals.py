"""Whether what the lines of a bot say arrived: heard, received, done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from channels.simulator.records import LIVE
from orchestrator.core import markup
from orchestrator.core.segments import folding
from orchestrator.scenarios.format.matchers import holds
from orchestrator.scenarios.play import Line, Words
from orchestrator.scenarios.stage.failing import FailedError
from orchestrator.scenarios.stage.ledger import Effect
from orchestrator.scenarios.stage.scene import Scene
from orchestrator.scenarios.stage.words import exact, listed, quoted, wanted


class Arrival:
    """Whether the lines of one answer arrived: at `who`, among the effects from place `since` on. What is
    only said needs a call: `in_call`, when the answer was given.
    """

    def __init__(
        self, scene: Scene, lines: Sequence[Line], who: str, since: int, *, in_call: bool = True
    ) -> None:
        self._scene = scene
        self._lines = lines
        self._who = who
        self._since = since
        self._in_call = in_call
        self._found: list[Effect] = []
        self._joined: set[str] = set()

    async def check(self) -> None:
        """Raise `FailedError` for the first line that did not; mention what the lines speak of if all did."""
        self._found, self._joined = [], set()
        self._join("speech", [line.value for line in self._lines if line.verb == "says"])
        self._join("text", [line.value for line in self._lines if line.verb == "says"])
        self._join("speech", [words for line in self._lines if (words := _heard(line))])
        for line in self._lines:
            test = _TESTS.get(line.verb)
            if test is not None:
                await test(self, line)
        for effect in self._found:
            effect.mentioned = True

    async def says(self, line: Line) -> None:
        """Heard in the call, or received as a text, once."""
        self._take(line, line.value, heard=True, texted=True)

    async def texts(self, line: Line) -> None:
        """Received as a text, once."""
        self._take(line, line.value, heard=False, texted=True)

    async def asks(self, line: Line) -> None:
        """The question was texted, and what goes before it was heard."""
        if line.value.get("say") and self._in_call:
            self._take(line, line.value["say"], heard=True, texted=False)
        if line.value.get("text"):
            self._take(line, line.value["text"], heard=False, texted=True)

    async def switches(self, line: Line) -> None:
        """The text went out, and the call is over unless it is kept."""
        refusals = self._scene.refusals
        await self.asks(line)
        if self._scene.refusals < refusals:  # the call goes on until the carrier has taken the text
            return
        keeps, live = bool(line.value.get("keep call")), self._is_live()
        if keeps != live:
            goes_on, over = "the call goes on", "the call is over"
            raise FailedError(
                line.place, "bot switches to sms", goes_on if keeps else over, goes_on if live else over
            )

    async def calls(self, line: Line) -> None:
        """The person's phone rings, or did so."""
        calls = [call for call in self._scene.staged.carrier.calls if call.customer == self._who]
        ours = [call for call in calls if call.direction == "outbound-api"]
        if not any(call.status in LIVE or call.created_at >= self._scene.acted_at for call in ours):
            raise self._missing(line, "a call", "no call of ours is under way")

    async def hangs_up(self, line: Line) -> None:
        """The call is over, after the words if there are any."""
        if line.value and self._in_call:
            self._take(line, line.value, heard=True, texted=False)
        if self._is_live():
            raise FailedError(line.place, "the bot hangs up", "the call is over", "it goes on")

    async def transfers(self, line: Line) -> None:
        """The target was dialled."""
        carrier = self._scene.staged.carrier
        dialled = [call.to for call in carrier.calls if call.direction == "outbound-dial"]
        referred = any(seen.kind == "referred" and seen.number == self._who for seen in carrier.events)
        if _bare(line.value) not in map(_bare, dialled) and not referred:
            raise self._missing(line, f"{line.value} is dialled", f"dialled: {listed(dialled)}")

    async def remembers(self, line: Line) -> None:
        """It stands in the context."""
        session = await self._scene.session(self._who)
        context = session["context"] if session else {}
        for key, value in line.value.items():
            if (key in context) != (value is not None) or (value is not None and context[key] != value):
                raise FailedError(
                    line.places.get(key, line.place),
                    f"context {key}",
                    str(value),
                    str(context.get(key, "absent")),
                )

    def _take(self, line: Line, words: Words, *, heard: bool, texted: bool) -> None:
        if exact(words) in self._joined:
            return
        kinds = [kind for kind, wants in (("speech", heard), ("text", texted)) if wants]
        runs = {kind: self._matching(kind, words) for kind in kinds}
        found = {kind: run for kind, run in runs.items() if run}
        if not found and texted and self._scene.refusals:
            self._scene.refusals -= 1
            return
        if not found:
            raise self._missing(line, wanted(words), self._instead(kinds))
        for run in found.values():
            if len(run) > 1 and all(fits(words, effect.words) for effect in run):
                raise FailedError(
                    line.place, "it arrived more than once", f"once: {wanted(words)}", f"{len(run)} times"
                )
            self._found.extend(run)

    def _join(self, kind: str, several: Sequence[Words]) -> None:
        """What the service puts together: the words of an answer in one text, or in one breath."""
        texts = [text for words in several if (text := exact(words)) is not None]
        for effect in self._fresh(kind) if len(texts) == len(several) > 1 else ():
            for start in range(len(texts)):
                for end in range(start + 2, len(texts) + 1):
                    part = texts[start:end]
                    if any(_joined(map(form, part)) == _joined([effect.words]) for form in FORMS):
                        self._found.append(effect)
                        self._joined.update(part)

    def _fresh(self, kind: str, *, again: bool = False) -> list[Effect]:
        """What arrived of a kind and is not spoken for; or what seems to be said `again`."""
        return [
            effect
            for effect in self._scene.ledger.effects[self._since :]
            if effect.kind == kind
            and effect.who == self._who
            and (effect.again if again else effect.counts)
            and not effect.mentioned
            and effect not in self._found
        ]

    def _matching(self, kind: str, words: Words) -> list[Effect]:
        """Each effect that is the words; or those in a row that are the words together, as a long text is."""
        fresh = self._fresh(kind)
        single = [effect for effect in fresh if fits(words, effect.words)]
        if single or (text := exact(words)) is None:
            return single
        repeated = [effect for effect in self._fresh(kind, again=True) if fits(words, effect.words)]
        if repeated:
            return repeated[:1]
        for start in range(len(fresh)):
            for end in range(start + 2, len(fresh) + 1):
                if _joined(effect.words for effect in fresh[start:end]) in {
                    _joined([form]) for form in forms(text)
                }:
                    return fresh[start:end]
        return []

    def _instead(self, kinds: Sequence[str]) -> str:
        name = self._scene.story.name(self._who)
        fresh = [
            effect
            for effect in self._scene.ledger.effects[self._since :]
            if effect.counts and not effect.mentioned
        ]
        told = [
            f"{self._scene.story.name(effect.who)} {'receives' if effect.kind == 'text' else 'hears'} {quoted(effect.words)}"
            for effect in fresh
        ]
        verb = "receives" if list(kinds) == ["text"] else "hears and receives" if len(kinds) > 1 else "hears"
        return "; ".join(told) or f"{name} {verb} nothing"

    def _missing(self, line: Line, expected: str, got: str) -> FailedError:
        return FailedError(line.place, f"bot {line.verb}: it did not arrive", expected, got)

    def _is_live(self) -> bool:
        return any(
            call.customer == self._who and call.status in LIVE and not call.parent_sid
            for call in self._scene.staged.carrier.calls
        )


def _heard(line: Line) -> Words | None:
    """What a line lets the caller hear, if anything."""
    if line.verb in {"asks for a text", "switches to sms"}:
        said: Words | None = line.value.get("say")
        return said
    return line.value if line.verb in {"says", "hangs up"} else None


FORMS: tuple[Callable[[str], str], ...] = (
    str,
    markup.as_text,
    markup.as_speech,
    lambda words: folding.folded(markup.as_text(words)),
)
"""How words may reach people: as written, without markup, as spoken, with look-alikes of signs that cost more."""


def forms(words: str) -> set[str]:
    """Words in each of these ways."""
    return {form(words) for form in FORMS}


def fits(words: Words, got: str) -> bool:
    """Whether what arrived is what a line says."""
    text = exact(words)
    return holds(words, got) if text is None else any(holds(form, got) for form in forms(text))


def _joined(parts: Any) -> str:
    return "".join("".join(parts).split())


def _bare(target: str) -> str:
    return "".join(target.split())


_TESTS: dict[str, Callable[[Arrival, Line], Awaitable[None]]] = {
    "says": Arrival.says,
    "texts": Arrival.texts,
    "asks for a text": Arrival.asks,
    "switches to sms": Arrival.switches,
    "switches to voice": Arrival.calls,
    "calls": Arrival.calls,
    "hangs up": Arrival.hangs_up,
    "transfers to": Arrival.transfers,
    "remembers": Arrival.remembers,
}

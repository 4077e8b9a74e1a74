"""The examination: sample turns one after the other, then what may go wrong around them.

Each probe asks one question. What the first turns show already is not told again by the later ones: they are
asked only where plain turns are answered.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from orchestrator.assistants.contract import turns
from orchestrator.assistants.contract.exchange import Asker, Exchange, packed
from orchestrator.assistants.contract.findings import Finding, merged
from orchestrator.assistants.contract.reading import Reading, read

VOICE_BUDGET = 4.0
"""Seconds after which a caller hears a filler (`phone.voice_budget`)."""
_NUMBER = "customer.phone_number"
OLD = 3600.0  # seconds: far more than the scheme tolerates
_HOPELESS = frozenset({"unreachable", "timeout"})
_NOTHING = Finding("says_nothing", "no turn is answered with anything to say or do", "responses")
_WAITS = frozenset({"call_started", "speech", "dtmf", "no_input"})  # a caller waits for words


@dataclass(slots=True)
class Report:
    """What was asked (turn, status, seconds), and what was found."""

    asked: list[tuple[str, int, float]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_fine(self) -> bool:
        """Whether nothing breaks."""
        return all(each.severity == "warning" for each in self.findings)


async def examine(asker: Asker) -> Report:
    """Ask everything, and tell each fault once."""
    return await _Examination(asker).run()


class _Examination:
    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._run = uuid.uuid4().hex
        self._samples = turns.samples(self._run, time.time())
        self._report = Report()
        self._given: dict[str, Any] = {}  # what the answers put into the context

    async def run(self) -> Report:
        found = self._report.findings
        well: dict[str, tuple[dict[str, Any], Reading]] = {}
        for sample in self._samples:
            request = turns.with_context(sample, self._given).request
            exchange, reading = await self._turn(sample, request)
            if reading is not None and not reading.findings:
                well[sample.name] = (request, reading)
            if exchange.trouble is not None and exchange.trouble.code in _HOPELESS:
                break
        else:
            if well:  # what fails is particular to its turn
                found[:] = [self._placed(each) for each in found]
            if len(well) == len(self._samples) and not any(reading.says for _, reading in well.values()):
                found[:] = [_NOTHING.at("every turn")]
            found.extend([each async for each in self._around(well)])
        self._report.findings = merged(found)
        return self._report

    def _placed(self, finding: Finding) -> Finding:
        """A failure of one turn with what sets that turn apart."""
        if finding.code != "fails":
            return finding
        request = next(each.request for each in self._samples if each.name == finding.turns[0])
        part, what = "event", request["event"]
        if what is None:
            part, what = "input.type", request["input"]["type"]
        return replace(finding, part=part, message=f"{finding.message} where `{part}` is `{what}`")

    # ---- plain turns -----------------------------------------------------------------------------
    async def _turn(self, sample: turns.Sample, request: dict[str, Any]) -> tuple[Exchange, Reading | None]:
        """One turn, with the context that earlier answers left; a second try without tells whose fault it is."""
        exchange = await self._ask(sample.name, request)
        fault = self._of_exchange(exchange)
        if fault is not None and fault.code == "fails" and request["context"]:
            bare = {**request, "turn_id": self._name("bare"), "context": {}}
            if (await self._ask(f"{sample.name} without context", bare)).is_answer:
                whose = "its own context" if self._given else "a context that is not its own"
                fault = Finding("own_context_refused", f"it fails on {whose}", "context")
        if fault is not None:
            self._report.findings.append(fault.at(sample.name))
            return exchange, None
        reading = read(exchange.kind, exchange.body, request)
        self._note(sample, exchange, reading)
        return exchange, reading

    def _note(self, sample: turns.Sample, exchange: Exchange, reading: Reading) -> None:
        merge = {**self._given, **reading.context}
        self._given = {key: value for key, value in merge.items() if value is not None}
        found = [each.at(sample.name) for each in reading.findings]
        if exchange.seconds > VOICE_BUDGET:
            found.append(Finding("slow", f"it takes longer than {VOICE_BUDGET:g} s").at(sample.name))
        if not reading.says and not reading.findings and sample.name in _WAITS:
            found.append(Finding("silent", "a caller who waits is answered with nothing").at(sample.name))
        self._report.findings.extend(found)

    def _of_exchange(self, exchange: Exchange) -> Finding | None:
        status = exchange.status
        if exchange.trouble is not None or exchange.is_answer:
            return exchange.trouble
        if status in {401, 403}:
            code = "signature_refused" if self._asker.key else "needs_secret"
            return Finding(code, f"a turn is refused ({status})")
        if 300 <= status < 400:
            return Finding("redirected", f"a turn is redirected ({status})")
        code = "not_found" if status in {404, 405} else "fails"
        return Finding(code, f"a turn is answered {status}")

    # ---- around them -----------------------------------------------------------------------------
    async def _around(self, well: Mapping[str, tuple[dict[str, Any], Reading]]) -> AsyncIterator[Finding]:
        """What is asked only where turns of the kind are answered well."""
        if "call_started" in well:
            async for finding in self._variations(well["call_started"][0]):
                yield finding
        if not well:
            return
        request, reading = well.get("speech", next(iter(well.values())))
        async for finding in self._repeated(request, reading):
            yield finding
        if self._asker.key:
            async for finding in self._signatures(request):
                yield finding

    async def _variations(self, request: dict[str, Any]) -> AsyncIterator[Finding]:
        asked = (
            ("unknown_event", turns.unknown_event(request, self._name("event")), "event", "an unknown event"),
            ("unknown_fields", turns.unknown_fields(request, self._name("fields")), "", "unknown fields"),
            *(
                ("withheld", each, _NUMBER, "a withheld number")
                for each in turns.withheld(self._run, time.time())
            ),
        )
        for name, varied, part, words in asked:
            exchange = await self._ask(name, varied)
            if not exchange.is_answer:
                told = f"a turn with {words} is answered {exchange.status or 'not at all'}"
                yield Finding(f"{name}_refused", told, part).at(name)
                continue
            for each in read(exchange.kind, exchange.body, varied).findings:
                if each.code == "not_allowed":  # whatever else is wrong shows in plain turns
                    yield each.at(name)

    async def _repeated(self, request: dict[str, Any], first: Reading) -> AsyncIterator[Finding]:
        """The same turn again, as after a crash."""
        exchange = await self._ask("repeated", request)
        if not exchange.is_answer:
            told = f"the same `turn_id` again is answered {exchange.status or 'not at all'}"
            yield Finding("repeat_refused", told, "turn_id").at("repeated")
            return
        second = read(exchange.kind, exchange.body, request)
        if [item for _, item in first.items] != [item for _, item in second.items]:
            yield Finding("repeat_differs", "the same `turn_id` is answered otherwise", "responses").at(
                "repeated"
            )
        elif first.context != second.context:
            told = "the same `turn_id` leaves another context"
            yield Finding("repeat_differs", told, "context").at("repeated")

    async def _signatures(self, request: dict[str, Any]) -> AsyncIterator[Finding]:
        """Forged, altered, unsigned and old requests. Whoever checks nothing is told so once."""
        asked = {**request, "turn_id": self._name("forged")}
        body, at = packed(asked), time.time()
        right = self._asker.signed(asked["turn_id"], body, at)
        forged = self._asker.signed(asked["turn_id"], body, at, key=b"not the key of this assistant")
        probes: tuple[tuple[str, str, bytes, dict[str, str]], ...] = (
            ("signature_not_checked", "a wrong signature is accepted", body, forged),
            ("body_not_signed", "a body that was altered after signing is accepted", body + b" ", right),
            ("unsigned_accepted", "a request without a signature is accepted", body, {}),
        )
        for code, told, sent, headers in probes:
            exchange = await self._post(code, sent, headers)
            if exchange.is_answer:
                yield Finding(code, told, "webhook-signature").at(code)
                return
            if exchange.status >= 500 or not exchange.status:
                crash = f"instead of a refusal it fails ({exchange.status or 'no answer'})"
                yield Finding("signature_crash", crash, "webhook-signature").at(code)
                return
        old = self._asker.signed(asked["turn_id"], body, at - OLD)
        if (await self._post("replay", body, old)).is_answer:
            yield Finding("replay_accepted", "a request of an hour ago is accepted", "webhook-timestamp").at(
                "replay"
            )

    # ---- asking ----------------------------------------------------------------------------------
    def _name(self, word: str) -> str:
        return f"{word}-{self._run}"

    async def _ask(self, name: str, request: Mapping[str, Any]) -> Exchange:
        exchange = await self._asker.ask(request)
        self._report.asked.append((name, exchange.status, exchange.seconds))
        return exchange

    async def _post(self, name: str, body: bytes, headers: Mapping[str, str]) -> Exchange:
        exchange = await self._asker.post(body, headers)
        self._report.asked.append((name, exchange.status, exchange.seconds))
        return exchange

"""What must hold when all is done, whatever happened: one function an invariant, each gives its faults.

The list is that of `docs/explanation/reliability.md`. A function looks at the ledger, the store and
the world, never at what a process believes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from orchestrator.core.effects import Document, SendMessage
from orchestrator.core.session import Session, from_document
from orchestrator.outbox.entries import read_entry
from orchestrator.store.packing import unpack
from tests.reliability.people import Person
from tests.reliability.stage import Stage

Faults = Iterator[str]
FINAL = {"D", "F"}


def nothing_failed_unexpectedly(stage: Stage, people: list[Person]) -> Faults:
    """No background work failed for another reason than the trouble, and no call was left hanging."""
    yield from stage.faults


def accepted_events_become_one_turn(stage: Stage, people: list[Person]) -> Faults:
    """Every accepted event is in exactly one first commit; later ones of it only finish its turn."""
    pending: dict[tuple[str, str], str | None] = {}
    for written in stage.ledger.written:
        for event in written.events:
            if event.endswith(":resumed") or ":r" in event:
                continue  # a fetch is no fact: it is answered as often as it is made
            key = (written.address.customer, event)
            if key in pending and (written.before is None or written.before.turn is None):
                yield f"{event} was committed again"
            pending[key] = event
    for address, event in stage.ledger.accepted:
        if (address.customer, event) not in pending:
            yield f"{event} was accepted and never committed"
    taken = {event for _, event in pending}
    for event in stage.acknowledged:
        if event not in taken:
            yield f"{event} was acknowledged and never committed"


def versions_grow_by_one(stage: Stage, people: list[Person]) -> Faults:
    """Each commit makes the next version, and the store holds the last one."""
    last: dict[str, int] = defaultdict(int)
    for written in stage.ledger.written:
        customer = written.address.customer
        if written.version != last[customer] + 1:
            yield f"version {written.version} follows {last[customer]}"
        last[customer] = written.version
    for customer, version in last.items():
        stored = stage.redis.hget(f"tandem:{{0}}:c:{customer}", "v")
        if int(stored or 0) != version:
            yield f"the store holds version {stored!r}, the last commit made {version}"


def events_are_worked_off_in_order(stage: Stage, people: list[Person]) -> Faults:
    """Events of one customer are first committed in the order in which they were accepted."""
    first: dict[tuple[str, str], int] = {}
    for place, written in enumerate(stage.ledger.written):
        for event in written.events:
            first.setdefault((written.address.customer, event), place)
    before: dict[str, tuple[int, str]] = {}
    for address, event in stage.ledger.accepted:
        place = first.get((address.customer, event), -1)
        latest, name = before.get(address.customer, (-1, ""))
        if 0 <= place < latest:
            yield f"{event} was worked off before {name}, which was accepted first"
        before[address.customer] = max((place, event), (latest, name))


def entries_are_made_once(stage: Stage, people: list[Person]) -> Faults:
    """No text is written into the outbox twice, and no name is used twice."""
    yield from stage.ledger.made_twice
    for text_id, count in Counter(stage.ledger.text_ids()).items():
        if count > 1:
            yield f"text {text_id} is in the outbox {count} times"
    bodies = Counter(
        (read.customer, read.effect.body)
        for read in map(read_entry, stage.ledger.entries.values())
        if isinstance(read.effect, SendMessage) and read.effect.body.startswith("re ")
    )
    for (_, body), count in bodies.items():
        if count > 1:
            yield f"{body!r} was written into the outbox {count} times"


def entries_are_sent_at_least_once(stage: Stage, people: list[Person]) -> Faults:
    """Every text reached the carrier unless its entry failed."""
    taken = {(text.customer, text.entry) for text in stage.carrier.texts}
    for (address, name), payload in stage.ledger.entries.items():
        if not isinstance(read_entry(payload).effect, SendMessage):
            continue
        state = stage.redis.hget(f"tandem:{{0}}:c:{address.customer}:out", f"{name}:s") or b"?"
        if state[:1] != b"F" and (address.customer, name) not in taken:
            yield f"{name} is {state[:1].decode()} and was never sent"


def entries_are_not_sent_again(stage: Stage, people: list[Person]) -> Faults:
    """The carrier took each text once; a second is possible in the known window only, and then once."""
    times = Counter((text.customer, text.entry) for text in stage.carrier.texts)
    allowed = 2 if in_known_window(stage) else 1
    for (_, entry), count in times.items():
        if count > allowed:
            yield f"{entry} was sent {count} times"
    if allowed == 1:
        for text in stage.carrier.texts:
            if text.late:
                yield f"{text.entry} was sent after its end was on record"


def texts_leave_in_order(stage: Stage, people: list[Person]) -> Faults:
    """The texts of one customer reach the carrier in the order in which they were written."""
    last: dict[str, int] = defaultdict(int)
    if in_known_window(stage):
        return
    for text in stage.carrier.texts:
        number = int(text.entry[1:])
        if number < last[text.customer]:
            yield f"{text.entry} left after t{last[text.customer]}"
        last[text.customer] = max(last[text.customer], number)


def nothing_is_left(stage: Stage, people: list[Person]) -> Faults:
    """No event waits, no lease is held, no entry is open; what is due are timers that a session has."""
    for key in stage.redis.keys("tandem:{0}:c:*"):
        name = key.decode()
        if name.endswith(":in"):
            yield f"{stage.redis.llen(key)} events wait in an inbox"
        elif name.endswith(":out"):
            for entry, state in stage.redis.hgetall(key).items():
                if entry.endswith(b":s") and state[:1].decode() not in FINAL:
                    yield f"{entry.decode()[:-2]} is left {state.decode()}"
        elif not name.endswith(":seen"):
            if stage.redis.hget(key, "lt"):
                yield "a lease is held"
            if stage.redis.hget(key, "uf"):
                yield "a turn is unfinished"
    yield from _due_left(stage)


def _due_left(stage: Stage) -> Faults:
    timers = set()
    for customer, session in _sessions(stage).items():
        timers |= {f"t:{customer}:{name}:{at * 1000:.0f}" for name, at in session.timers.items()}
    due = {member.decode() for member in stage.redis.zrange("tandem:{0}:due", 0, -1)}
    for member in sorted(due - timers):
        yield f"{member[:2]}{member[34:]} is left in due"
    for member in sorted(timers - due):
        yield f"the timer {member[35:]} is not in due"


def opted_out_numbers_get_nothing(stage: Stage, people: list[Person]) -> Faults:
    """No text leaves that was not claimed before the opt-out was on record."""
    if in_known_window(stage):
        return
    for text in stage.carrier.texts:
        since = stage.ledger.opted_out.get(text.customer.partition("~")[0])
        claimed = stage.ledger.claimed_at.get((text.customer, text.entry), 0)
        if since is not None and max(claimed, 1) > since:
            yield f"{text.entry} was sent to a customer who opted out"


def turns_keep_their_id(stage: Stage, people: list[Person]) -> Faults:
    """However often a turn is asked, it is asked under one id."""
    ids = defaultdict(set)
    for asked in stage.bot.asked:
        if not asked.cause.startswith(REPEATABLE):
            ids[asked.cause, asked.call_sid].add(asked.turn_id)
    for (cause, _), names in ids.items():
        if len(names) > 1:
            yield f"{cause!r} was asked under {len(names)} turn ids"


REPEATABLE = ("no_input", "text_failed", "text_reply_timeout")
"""Events that may happen again in one conversation, with nothing to tell them apart by."""


def texts_are_answered(stage: Stage, people: list[Person]) -> Faults:
    """A text that was acknowledged, and is no keyword, is answered by phone or by text, unless it was refused."""
    answers = {text.body for text in stage.carrier.texts}
    failed = bool(stage.bot.broken) or stage.troubled.struck.startswith("assistant")
    for person in people:
        if an_answer_counts_as_heard(stage):
            continue
        heard = answers | {words for call in person.calls for words in call.heard}
        for body in person.sent:
            if body in {"STOP", "START"} or failed or _opted_out(stage, person):
                continue
            if not any(_answers(words, body) for words in heard):
                yield f"{body!r} was never answered"


def _answers(words: str, body: str) -> bool:
    """An answer to a text, or to several that were one turn."""
    texts = words.removeprefix("re ").rstrip(".").split()
    return words.startswith(f"re {body}") or (words.startswith("re ") and body in texts)


def calls_are_never_mixed(stage: Stage, people: list[Person]) -> Faults:
    """What a caller hears belongs to their call: its id, and answers to what was said in it."""
    for person in people:
        for call in person.calls:
            others = {words for other in person.calls if other is not call for words in other.said}
            if isinstance(call.document, Document) and call.document.call_sid not in {call.sid, ""}:
                yield f"{call.sid} got a document of {call.document.call_sid}"
            for words in call.heard:
                if words.removeprefix("re ") in others:
                    yield f"{call.sid} heard {words!r}, which answers another call"


def in_known_window(stage: Stage) -> bool:
    """Whether the process froze between its last look at a claim and the carrier's socket.

    The one place where a text can be doubled, and where it can overtake or cross an opt-out.
    """
    return any(process.gate.in_window for process in stage.processes)


def an_answer_counts_as_heard(stage: Stage) -> bool:
    """Whether the store's word on the commit of a fetched document was lost: the document counts as
    heard, and the caller heard the failure message instead.
    """
    trouble, gate = stage.troubled.trouble, stage.troubled
    return bool(trouble and trouble.mode == "lose" and gate.struck == "store.commit")


def _sessions(stage: Stage) -> dict[str, Session]:
    found = {}
    for key in stage.redis.keys("tandem:{0}:c:*"):
        name = key.decode().removeprefix("tandem:{0}:c:")
        document = None if ":" in name else unpack(stage.redis.hget(key, "d"))
        if document:
            found[name] = from_document(document)
    return found


def _opted_out(stage: Stage, person: Person) -> bool:
    address = stage.processes[1].store.address("support", person.number)
    return bool(stage.redis.hget(f"tandem:{{0}}:consent:{address.customer}", "s") == b"opted_out")


INVARIANTS: tuple[Callable[[Stage, list[Person]], Faults], ...] = (
    nothing_failed_unexpectedly,
    accepted_events_become_one_turn,
    versions_grow_by_one,
    events_are_worked_off_in_order,
    entries_are_made_once,
    entries_are_sent_at_least_once,
    entries_are_not_sent_again,
    texts_leave_in_order,
    nothing_is_left,
    opted_out_numbers_get_nothing,
    turns_keep_their_id,
    texts_are_answered,
    calls_are_never_mixed,
)


def broken(stage: Stage, people: list[Person]) -> list[str]:
    """Every fault, with the invariant that it breaks."""
    return [f"{rule.__name__}: {fault}" for rule in INVARIANTS for fault in rule(stage, people)]

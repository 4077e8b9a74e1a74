"""Small damages to the store's scripts, and how a script is damaged in this process.

Each must be noticed: a guard that no test misses is no guard. The files themselves stay as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files

from orchestrator.store import scripts
from orchestrator.store.scripts import Script


@dataclass(frozen=True)
class Mutant:
    """In script file `file`, `old` is replaced by `new`; `name` says what the script then does wrong."""

    name: str
    file: str
    old: str
    new: str = ""


# fmt: off
MUTANTS: tuple[Mutant, ...] = (
    Mutant("accept takes an event twice", "accept", "if seen(id) then", "if false then"),
    Mutant("accept forgets the id", "accept", "packed(id, payload))\nremember(id)", "packed(id, payload))"),
    Mutant("accept takes a lease that is held", "accept", "if token ~= '' and not held then", "if token ~= '' then"),
    Mutant("accept does not say when to look", "accept", "look_by(INBOX, held or now)"),
    Mutant("accept knows no bound", "accept", ">= bound then", ">= bound + 1000000 then"),
    Mutant("begin answers a request anew", "begin", "if last[1] == id then", "if false then"),
    Mutant("begin knows no order of requests", "begin", "if last[1] and ordinal >= 0 and", "if false and"),
    Mutant("begin takes a lease that is held", "begin", "if held[1] and tonumber(held[2]) > now then", "if false then"),
    Mutant("begin dates a repeated request anew", "begin", "redis.call('HGET', H, 've') ~= id", "true"),
    Mutant("begin finds nothing in a turn left open", "begin", " and redis.call('HEXISTS', H, 'uf') == 0", ""),
    Mutant("commit does not look at the token", "commit", "held[1] ~= token or ", ""),
    Mutant("commit does not look at the version", "commit", " or tonumber(held[2] or '0') ~= version", ""),
    Mutant("commit has no fence", "commit", "if held[1] ~= token or tonumber(held[2] or '0') ~= version then", "if false then"),
    Mutant("commit repeated is a commit more", "commit", "if held[3] == mark then", "if false then"),
    Mutant("commit leaves what it consumed", "commit", "redis.call('LTRIM', IN, consumed, -1)"),
    Mutant("commit consumes the newest", "commit", "redis.call('LTRIM', IN, consumed, -1)", "redis.call('LTRIM', IN, 0, -1 - consumed)"),
    Mutant("commit does not remember what it saw", "commit", "  remember(id)\n", ""),
    Mutant("commit writes no dead letter", "commit", "if ARGV[12] ~= '' then", "if false then"),
    Mutant("commit keeps no answer", "commit", "'ra:' .. leg, answer)", "'ra:' .. leg, '')"),
    Mutant("commit leaves the consent as it was", "commit", "redis.call('HSET', CONSENT, 's', ARGV[18],", "redis.call('HSET', CONSENT, 'x', ARGV[18],"),
    Mutant("commit does not watch what it claimed", "commit", "look(due_name(entry.name), now + VISIBLE)"),
    Mutant("commit does not watch what waits", "commit", "look(due_name(entry.name), math.max(wait or now, not_before))"),
    Mutant("commit claims for who opted out", "commit", " and not (guarded == '1' and (opted_out() or opting_out()))", ""),
    Mutant("commit claims out of order", "commit", "local ours = not wait and", "local ours ="),
    Mutant("commit sets no timer", "commit", "look('t:' .. CUSTOMER .. ':' .. member, tonumber(ms))"),
    Mutant("commit leaves cancelled timers", "commit", "redis.call('ZREM', DUE, 't:' .. CUSTOMER .. ':' .. member)"),
    Mutant("commit keeps the lease", "commit", "redis.call('HDEL', H, 'lt', 'lx', 'lk', 'le')"),
    Mutant("commit forgets what still waits", "commit", "if left > 0 then\n    look(INBOX, now)", "if false then\n    look(INBOX, now)"),
    Mutant("commit forgets an open turn", "commit", "redis.call('HSET', H, 'uf', '1')"),
    Mutant("claim does not look at the consent", "claim", "if forbidden(entry) then", "if false then"),
    Mutant("claim sends blindly after a loss", "claim", "entry.reason = 'U', '', now, 0", "entry.reason = 'P', '', now, 0"),
    Mutant("claim takes what another sends", "claim", "if entry.since + VISIBLE > now then", "if false then"),
    Mutant("claim takes what is settled", "claim", "if not entry or settled(entry) then", "if not entry then"),
    Mutant("claim knows no order", "claim", "entry.at > now and entry.at or blocked(entry.lane, entry.n)", "entry.at > now and entry.at"),
    Mutant("claim does not wait for its time", "claim", "entry.at > now and entry.at or blocked(entry.lane, entry.n)", "blocked(entry.lane, entry.n)"),
    Mutant("settle believes anyone", "settle", "if not mine and not (outcome == 'done' and entry.state ~= 'S') then", "if false then"),
    Mutant("settle does not say when to try again", "settle", "look(due_name(entry.name), entry.at)"),
    Mutant("settle tells nobody", "settle", "put(ARGV[13], ARGV[14])"),
    Mutant("settle takes what another found", "settle", "if outcome == 'done' and entry.state ~= 'S' and ARGV[9] ~= ''", "if false and ARGV[9] ~= ''"),
    Mutant("settle keeps no dead letter", "settle", "bury(entry, ARGV[15], ARGV[16], ARGV[12], ARGV[17])"),
    Mutant("delivery keeps no dead letter", "delivery", "bury(entry, ARGV[13], ARGV[14], ARGV[15], ARGV[16])"),
    Mutant("delivery hears what failed before", "delivery", "if entry.state ~= 'D' and redis.call('ZSCORE', MADE, ARGV[7]) then", "if false then"),
    Mutant("delivery sends nothing once more", "delivery", "if ARGV[17] ~= '' and not tried_again then", "if false then"),
    Mutant("nobody knows what the carrier made", "entries", "redis.call('ZADD', MADE, int(now), entry.carrier)"),
    Mutant("delivery settles nothing", "delivery", "close_entry(entry)"),
    Mutant("delivery goes back", "delivery", "if rank <= before then", "if false then"),
    Mutant("a settled entry stays due", "entries", "redis.call('ZREM', DUE, due_name(entry.name))"),
    Mutant("nobody wakes the next entry", "entries", "wake(lane .. head)\n  wake(lane .. (entry.n + 1))"),
    Mutant("entries wait for an unknown one for ever", "entries", "if before.since + UNKNOWN_WAIT > now then", "if true then"),
    Mutant("poll hides nothing", "poll", "redis.call('ZADD', KEYS[1], int(now + tonumber(ARGV[3])), found[i])"),
    Mutant("poll loses what it gives", "poll", "redis.call('ZADD', KEYS[1], int(now + tonumber(ARGV[3])), found[i])", "redis.call('ZREM', KEYS[1], found[i])"),
    Mutant("anyone may renew and release", "lease", "if redis.call('HGET', H, 'lt') ~= ARGV[6] then", "if false then"),
    Mutant("release forgets what waits", "lease", "look(INBOX, now + tonumber(ARGV[8]))"),
    Mutant("a lease says not when to look", "prelude", "    look(INBOX, now + LEASE)\n  end\n  return granted()", "  end\n  return granted()"),
    Mutant("attempts are not counted", "prelude", "redis.call('HGET', H, 'ae') == id and num('an') + 1 or 1", "1"),
    Mutant("news from inside is taken twice", "prelude", "if id ~= '' and not seen(id) then", "if id ~= '' then"),
)
# fmt: on
BY_NAME = {mutant.name: mutant for mutant in MUTANTS}

QUICK = (
    "accept takes an event twice",
    "begin dates a repeated request anew",
    "commit has no fence",
    "commit does not watch what it claimed",
    "claim sends blindly after a loss",
)
"""Those that `make test` tries, one of each kind; `make mutants` tries all."""


def source_of(file: str) -> str:
    """A script file as it is."""
    return (files(scripts) / f"{file}.lua").read_text(encoding="utf-8")


@contextmanager
def damaged(mutant: Mutant) -> Iterator[None]:
    """In this process, every script that holds the mutant's file is damaged."""
    healthy = scripts._read

    def read(name: str, *parts: str) -> Script:
        texts = [
            source_of(part).replace(mutant.old, mutant.new) if part == mutant.file else source_of(part)
            for part in (*parts, name)
        ]
        source = "\n".join(texts)
        return Script(name, source, hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest())

    scripts._read = read
    scripts.script.cache_clear()
    try:
        yield
    finally:
        scripts._read = healthy
        scripts.script.cache_clear()

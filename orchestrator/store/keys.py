"""The key schema: every key, what it holds, how long it lives. Keys are made here and nowhere else.

All keys of a partition carry its hash tag `{p}`, so that one script touches one slot of a cluster.
A customer is a keyed hash: no key ever holds a phone number.

| key (prefix `tandem:{p}:`) | type | what | life |
|---|---|---|---|
| `c:<cust>` | hash | `v` version, `d` document, lease `lt` token `lx` end `lk` kind `le` event, `ae`/`an` head event and its attempts, `uf` a turn is pending, `ve`/`vt` last voice request begun and since when, `lc`/`lr` last commit and its reply, `tm` timers, `n:<lane>`/`h:<lane>` last and first open outbox number, `re:`/`ro:`/`ra:<leg>` last answered request and answer, `rl` legs | retention after the last timer, a day at least |
| `c:<cust>:in` | list | accepted events, not yet worked off | only while there are any: what was acknowledged does not expire |
| `c:<cust>:seen` | zset | event ids taken, by time | a day, and a bounded number |
| `c:<cust>:out` | hash | outbox: `t7` payload, `t7:s` state, `t7:d` delivery, `t7:g` opt-outs before it, `t7:l` its dead letter | as the session while any is open, a day after the last |
| `half:<cust>` | zset | what a caller is just saying, by time | a minute, a few lines |
| `slot:<name>` | string | that a number of ours has just placed a call | until it may place the next |
| `made:<cust>` | zset | the carrier's ids of what it made for the number's owner and the calls beside, by time | a day, and a bounded number |
| `consent:<cust>` | hash | `s` opted_in / opted_out, `at`, `by`, `n` how often opted out; `p`/`pt` an opt-out that waits in the inbox, and since when | none: consent does not expire |
| `consents` | hash | customer -> assistant and number, of whoever opted out or in, so that opt-outs can be exported; an erased customer is not in it | none |
| `idem:<cust>:<digest>` | string | the answer to a request with an Idempotency-Key | a day |
| `s:<session id>` | string | record of an ended session | retention |
| `due` | zset | `i:<cust>`, `o:<cust>:<entry>`, `t:<cust>:<timer>:<ms>` by when to look | while there is work |
| `dlq` | stream | events that were given up, with the reason | bounded |
| `sum` | hash | session id -> customer and summary | retention, trimmed |
| `find` | hash | session id -> what it is found by: assistant, number, state, and the newest words of its timeline | as `sum` |
| `ix:<state>`, `ix:live` | zset | session ids by last event | retention, trimmed |
| `l:<session id>` | zset | timeline lines in order | retention |
| `flow:<day>` | hash | how often each move `before>after` was made that day (UTC) | two days |
| `log` | stream | timeline of the partition | retention, bounded |
| `refused` | zset | texts turned away, by time | retention, bounded |

Outside the partitions: `tandem:schema` (hash), what was fixed at the first start; `tandem:sweep:<number>`
(string, keyed hash of a number of ours), when the carrier's list of its texts was last swept, and its
`:lease`, a minute at most; `tandem:forgotten` (zset), ids of texts that the carrier lists and that are not
to be taken, such as those of erased customers, for a day. `tandem:ready` (string), that Redis took a write
lately, a minute. `tandem:traffic` (stream, bounded), the latest
requests; `tandem:visit:<digest>`
(string), who is signed in to the console; `tandem:tries:<digest>` (string), how often somebody tried to.
"""

from __future__ import annotations

import hashlib
import hmac
from zlib import crc32

from orchestrator.ports.records import Address

PREFIX = "tandem"
SCHEMA = f"{PREFIX}:schema"
FORGOTTEN = f"{PREFIX}:forgotten"
TRAFFIC = f"{PREFIX}:traffic"
READY = f"{PREFIX}:ready"
READY_FOR = 60  # seconds: rewritten by every probe
TRAFFIC_BOUND = 2_000  # requests: minutes under load, days of trying out
SERVER_PARTITIONS = 256  # spreads evenly over up to six masters, and sweeps in 8 ms
EMBEDDED_PARTITIONS = 8
MAX_PARTITIONS = 1024  # what the last two characters of a session id can name
LISTED_STATES = (
    "dialing",
    "transferring",
    "awaiting_text",
    "in_call_and_text",
    "in_call",
    "text_only",
    "ended",
)

DAY = 86_400.0
SEEN_BOUND = 256  # ids of a customer that are remembered, beside those still in the inbox
INBOX_BOUND = 500  # events of one customer that wait; more is an attack or a loop
DEAD_BOUND = 10_000  # dead letters a partition keeps
LOG_BOUND = 10_000  # timeline lines a partition keeps
LINES_BOUND = 1_000  # timeline lines a session keeps
REFUSED_BOUND = 1_000  # refusals a partition keeps
OPEN_GRACE = 30 * DAY  # how long past retention the list data of a session stays that never ended


class Keys:
    """The keys of one deployment: `partitions` and `hash_key` are fixed for its life."""

    def __init__(self, hash_key: bytes, partitions: int) -> None:
        if not 1 <= partitions <= MAX_PARTITIONS:
            raise ValueError(f"partitions: {partitions} is not between 1 and {MAX_PARTITIONS}")
        self.partitions = partitions
        self._hash_key = hash_key

    def address(self, assistant: str, who: str) -> Address:
        """Where `who` lives with `assistant`; 128 bits of HMAC-SHA256 are enough to never meet."""
        digest = hmac.new(self._hash_key, f"{assistant}\0{who}".encode(), hashlib.sha256)
        return self.located(digest.hexdigest()[:32])

    def located(self, customer: str) -> Address:
        """The address of a customer key; the part after `~` does not move it."""
        main = customer.partition("~")[0]
        return Address(crc32(main.encode()) % self.partitions, customer)

    def fingerprint(self) -> str:
        """Names the hash key without telling it."""
        return hmac.new(self._hash_key, b"tandem fingerprint", hashlib.sha256).hexdigest()[:16]

    @staticmethod
    def of(partition: int, name: str) -> str:
        """A key of a partition."""
        return f"{PREFIX}:{{{partition}}}:{name}"

    def customer(self, address: Address) -> list[str]:
        """The keys of a customer, in the order that `prelude.lua` names them."""
        tag = f"{PREFIX}:{{{address.partition}}}:"
        main = f"{tag}c:{address.customer}"
        consent = f"{tag}consent:{address.main.customer}"
        own = [main, f"{main}:in", f"{main}:seen", f"{main}:out"]
        return [*own, f"{tag}due", consent, f"{tag}dlq", self.made(address)]

    def made(self, address: Address) -> str:
        """What the carrier made for the number's owner, by its ids: calls beside share it."""
        return self.of(address.partition, f"made:{address.main.customer}")

    def half(self, address: Address) -> str:
        """What the customer is just saying in a call."""
        return self.of(address.partition, f"half:{address.customer}")

    def sweep(self, assistant: str, number: str) -> str:
        """When the carrier's list of the texts to a number of ours was last swept."""
        return f"{PREFIX}:sweep:{self.address(assistant, number).customer}"

    def slot(self, name: str) -> str:
        """What may happen once in a while over all processes."""
        place = self.address("slot", name)
        return self.of(place.partition, f"slot:{place.customer}")

    def consent(self, address: Address) -> str:
        """Where the consent of the number's owner is kept."""
        return self.of(address.partition, f"consent:{address.main.customer}")

    def remembered(self, address: Address, key: str) -> str:
        """The answer to a request with an Idempotency-Key, for a day."""
        name = hashlib.sha256(key.encode()).hexdigest()[:32]
        return self.of(address.partition, f"idem:{address.customer}:{name}")

    def consents(self, partition: int) -> str:
        """Whose the consents of a partition are."""
        return self.of(partition, "consents")

    def record(self, partition: int, session_id: str) -> str:
        """The record of an ended session."""
        return self.of(partition, f"s:{session_id}")

    @staticmethod
    def visit(name: str) -> str:
        """Who is signed in to the console, by the digest of a cookie."""
        return f"{PREFIX}:visit:{name}"

    @staticmethod
    def tries(who: str) -> str:
        """How often an address tried to sign in."""
        return f"{PREFIX}:tries:{hashlib.sha256(who.encode()).hexdigest()[:32]}"

    def index(self, partition: int, state: str) -> str:
        """Sessions of a state, or `live` for all that have not ended."""
        return self.of(partition, f"ix:{state}")

    def lines(self, partition: int, session_id: str) -> str:
        """The timeline of a session."""
        return self.of(partition, f"l:{session_id}")

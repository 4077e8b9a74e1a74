"""The store: one customer, one order, in Redis; the same Lua scripts run on the embedded fake.

`keys` is the schema, `scripts` the atomic steps, `link` the way to the server, `redis` the store
itself, `memory` the embedded one, `connect` reads an address. Decisions are made elsewhere.
"""

from orchestrator.store.memory import memory_store
from orchestrator.store.redis import RedisStore

__all__ = ["RedisStore", "memory_store"]

"""Whether Redis answers, belongs to this configuration, and keeps what it is given. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from config import Settings
from orchestrator.app import open_store
from orchestrator.cli.doctor.report import Finding
from orchestrator.core.errors import ContractError, StoreUnavailable
from orchestrator.store import RedisStore
from orchestrator.store.keys import SCHEMA

CHECK = "redis"
KEY = "service.redis_url"
OLDEST = (6, 2)
"""The oldest Redis that the store's scripts are proved on."""
# A script, so that a cluster routes it by its key to a node: plain INFO has none.
INFO = "return redis.call('INFO')"


async def check_redis(settings: Settings) -> list[Finding]:
    """Every check of the store. Redis answers within two seconds or counts as unreachable."""
    if settings.service.redis_url.reveal().startswith("memory://"):
        told = "memory:// (embedded): conversations end with the process that serves"
        return [Finding(CHECK, KEY, "warn", told, "use redis:// for real ones")]
    store = open_store(settings)
    try:
        return await _look(store)
    except StoreUnavailable as error:
        fix = "start Redis, or correct host, port, password and database of service.redis_url"
        return [Finding(CHECK, KEY, "fail", str(error), fix)]
    except ContractError:  # its text may quote what Redis was sent
        fix = "allow this Redis user the commands EVAL and HMGET on its keys, tandem:*"
        return [Finding(CHECK, KEY, "fail", "Redis refuses a command that the store needs", fix)]
    finally:
        await store.close()


async def _look(store: RedisStore) -> list[Finding]:
    schema = _schema(await store.link.call("HMGET", SCHEMA, "partitions", "hash_key"), store)
    await store.link.call("EVAL", "return 1", 1, SCHEMA)
    try:
        info = read_info(await store.link.call("EVAL", INFO, 1, SCHEMA))
    except ContractError:  # the service itself does without
        told = "answers, and does not tell this user its version, role, eviction and persistence"
        return [Finding(CHECK, KEY, "warn", told, "allow this Redis user the command INFO"), schema]
    found = [_version(info), schema, *_role(info)]
    found.append(_eviction(info))
    found.append(_persistence(info, await _snapshots(store)))
    return found


def read_info(answer: Any) -> dict[str, str]:
    """The fields of INFO."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
    pairs = (line.partition(":") for line in text.splitlines() if not line.startswith("#"))
    return {name: value.strip() for name, _, value in pairs if name}


async def _snapshots(store: RedisStore) -> str | None:
    """The snapshot rule, empty for none; None where it may not be read."""
    try:
        answer = await store.link.call("CONFIG", "GET", "save")
    except (ContractError, StoreUnavailable):  # hosted servers rename CONFIG; a cluster cannot route it
        return None
    values = list(answer.values()) if isinstance(answer, Mapping) else list(answer or ())[1::2]
    value = values[0] if values else ""
    return value.decode() if isinstance(value, bytes) else str(value)


def _version(info: Mapping[str, str]) -> Finding:
    version = info.get("redis_version", "")
    digits = [int(part) for part in version.split(".")[:2] if part.isdigit()]
    told = f"answers, version {version or 'not told'}"
    if len(digits) == 2 and tuple(digits) < OLDEST:
        return Finding(CHECK, KEY, "fail", told, "use Redis 6.2 or newer, or Valkey")
    return Finding(CHECK, KEY, "ok", told)


def _schema(stored: list[bytes | None], store: RedisStore) -> Finding:
    partitions, fingerprint = (value.decode() if value else "" for value in stored)
    if fingerprint and fingerprint != store.keys.fingerprint():
        told = "this database was begun with another service.hash_key"
        return Finding(CHECK, "service.hash_key", "fail", told, "give the old key, or an empty database")
    if partitions and partitions != str(store.partitions):
        told = f"this database has {partitions} partitions, not {store.partitions}"
        return Finding(CHECK, KEY, "fail", told, "use an empty database: the number is fixed for its life")
    told = "the key of this database" if fingerprint else "the database is new to Tandem"
    return Finding(CHECK, "service.hash_key", "ok", told)


def _role(info: Mapping[str, str]) -> Iterator[Finding]:
    if info.get("role") == "slave":
        fix = "name the master, or use redis+sentinel://"
        yield Finding(CHECK, KEY, "fail", "this server is a replica and takes no writes", fix)


def _eviction(info: Mapping[str, str]) -> Finding:
    policy = info.get("maxmemory_policy", "")
    if not policy.startswith(("allkeys-", "volatile-")):
        return Finding(CHECK, "eviction", "ok", f"maxmemory-policy is {policy or 'not told'}")
    if policy.startswith("volatile-"):
        told = f"maxmemory-policy is {policy}: a full Redis throws live sessions away"
        return Finding(CHECK, "eviction", "warn", told, "set maxmemory-policy noeviction")
    bounded = info.get("maxmemory", "0") != "0"
    told = f"maxmemory-policy is {policy}: a full Redis throws sessions and opt-outs away"
    return Finding(CHECK, "eviction", "fail" if bounded else "warn", told, "set maxmemory-policy noeviction")


def _persistence(info: Mapping[str, str], snapshots: str | None) -> Finding:
    if info.get("aof_enabled") == "1":
        if "err" in {info.get("aof_last_write_status"), info.get("aof_last_bgrewrite_status")}:
            fix = "look at Redis' log: its disk is full or cannot be written"
            return Finding(CHECK, "persistence", "fail", "writes to the append-only file fail", fix)
        return Finding(CHECK, "persistence", "ok", "the append-only file is on")
    fix = "set appendonly yes"
    if snapshots:
        told = f"snapshots only (save {snapshots}): a restart loses what came since the last one"
        return Finding(CHECK, "persistence", "warn", told, fix)
    told = "none: a restart loses every session, accepted text and opt-out"
    if snapshots is None:
        told = "the append-only file is off, and the snapshot rule cannot be read"
    return Finding(CHECK, "persistence", "warn", told, fix)

"""The kind of value that names the store: one Redis, a cluster, Sentinel, or none (`memory://`)."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from config.addresses import split_url
from config.kinds import Json, Kind, MistakeError
from config.secret import Secret

_EXAMPLES: Final = {
    "": "redis://localhost:6379/0",
    "cluster": "redis+cluster://host:6379,host:6379",
    "sentinel": "redis+sentinel://host:26379,host:26379/master-name/0",
}
_SCHEMES: Final = tuple(
    f"{scheme}{'+' if kind else ''}{kind}" for kind in _EXAMPLES for scheme in ("redis", "rediss")
)
_EXPECTED: Final = "redis://, rediss://, redis+cluster://, redis+sentinel:// or memory://"


def redis_url() -> Kind[Secret]:
    """The store's URL. A secret, for it may hold a password."""
    schema: Json = {"type": "string", "pattern": r"^(rediss?(\+cluster|\+sentinel)?|memory|unix)://"}
    return Kind("Redis URL", _read, schema, write=_shown)


def _read(given: str) -> Secret:
    stripped = given.strip()
    if stripped.rstrip("/") == "memory:":
        return Secret("memory://")
    if not (stripped.startswith("unix://") and len(stripped) > len("unix://")):
        _check(stripped)
    return Secret(stripped)


def _check(url: str) -> None:
    """Raise MistakeError where one of the hosts, or what follows them, is not as its scheme has it."""
    try:
        authority = urlsplit(url).netloc
        hosts = authority.rpartition("@")[2].split(",")
        parts = [split_url(url.replace(authority, host, 1), _SCHEMES, "") for host in hosts]
    except MistakeError as mistake:
        raise MistakeError(mistake.message, _EXPECTED, mistake.meant) from None
    except ValueError:
        raise MistakeError("not a URL", _EXPECTED) from None
    kind = parts[0].scheme.partition("+")[2]
    if fault := _fault(kind, len(hosts), parts[0].path):
        raise MistakeError(fault, f"a URL such as {_EXAMPLES[kind]}")


def _fault(kind: str, hosts: int, path: str) -> str:
    """What is wrong with the number of hosts or the path, or nothing."""
    if kind == "cluster":
        return "" if path in {"", "/", "/0"} else "a cluster has no databases to choose from"
    if kind == "sentinel":
        found = re.fullmatch(r"/[^/]+(/[0-9]*)?", path)
        return "" if found else "the hosts are not followed by the master's name, and a database at most"
    if hosts > 1:
        return "several hosts, which are a cluster's or Sentinel's"
    return (
        "" if re.fullmatch(r"(/[0-9]*)?", path) else "what follows the host is not the number of a database"
    )


def _shown(value: Secret) -> str:
    """The URL without what may be secret: user, password, query."""
    return re.sub(r"\?.*", "", re.sub(r"(?<=//).*@", "•••@", value.reveal()))

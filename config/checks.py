"""Rules between keys: whose number it is, and what some values ask of others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from config.addresses import SIMULATOR
from config.kinds import MistakeError
from config.notes import Notes, join
from config.problems import Place

_CHANNELS: Final = ("phone", "messaging")
_FAILOVER: Final = "messaging.failover"
_HOOKS: Final = ("pre_message", "post_message", "log")


def check(notes: Notes, assistants: list[str]) -> None:
    """Note every broken rule of what was read, also where other things are wrong."""
    for rule in _RULES:
        rule(notes, assistants)


def _channels(notes: Notes, assistants: list[str]) -> Iterator[tuple[str, Place]]:
    """The phone, messaging and failover sections that are there, with their places."""
    for name in assistants:
        for channel in (*_CHANNELS, _FAILOVER):
            path = f"assistants.{name}.{channel}"
            if path in notes.places:
                yield path, notes.places[path]


def _numbers_belong_once(notes: Notes, assistants: list[str]) -> None:
    """A number belongs to one integration of each kind only."""
    owners: dict[tuple[str, str], str] = {}
    for path, _ in _channels(notes, assistants):
        channel = "phone" if path.endswith(".phone") else "messaging"
        for index, number in enumerate(notes.values.get(f"{path}.numbers", ())):
            where = f"{path}.numbers[{index}]"
            owner = owners.setdefault((channel, number), where)
            if owner != where:
                notes.wrong(notes.places[where], where, _taken(owner, notes.places[owner].line, channel))


def _taken(owner: str, line: int, channel: str) -> MistakeError:
    section = owner.rpartition("[")[0]
    return MistakeError(
        f"this number already belongs to {section}, line {line}",
        f"each number in one {channel} integration, once",
    )


def _credentials(notes: Notes, assistants: list[str]) -> None:
    """An account and its token, wherever the carrier is not the simulator."""
    for path, place in _channels(notes, assistants):
        base = f"{path}.base_url"
        if notes.values.get(base) == SIMULATOR or (base in notes.places and base not in notes.values):
            continue
        for name in ("account_sid", "auth_token"):
            where = join(path, name)
            if where in notes.places and (where not in notes.values or notes.values[where]):
                continue
            expected = f"{name}: the carrier account's, or base_url: {SIMULATOR}, which needs none"
            spot = notes.places.get(where, place)
            notes.wrong(spot, where, MistakeError(_lack(notes, where), expected), _variable(notes, where))


def _lack(notes: Notes, where: str) -> str:
    return "is empty" if where in notes.values else "required key is missing"


def _variable(notes: Notes, where: str) -> str:
    return notes.overrides[where].variable if where in notes.overrides else ""


def _hash_key(notes: Notes, _: list[str]) -> None:
    """Numbers are hashed with a key of their own, unless the store dies with the process."""
    url, where = notes.values.get("service.redis_url"), "service.hash_key"
    is_memory = url is not None and url.reveal() == "memory://"
    if is_memory or "service" not in notes.places or notes.values.get(where):
        return
    if where in notes.places and where not in notes.values:
        return  # it is wrong already
    if url is None and "service.redis_url" in notes.places:
        return  # the store is wrong already
    expected = "hash_key: a random secret, best as ${TANDEM_HASH_KEY}; only memory:// does without"
    spot = notes.places.get(where, notes.places["service"])
    notes.wrong(spot, where, MistakeError(_lack(notes, where), expected), _variable(notes, where))


def _some_channel(notes: Notes, assistants: list[str]) -> None:
    """An assistant that nobody can reach is a mistake."""
    for name in assistants:
        path = f"assistants.{name}"
        if path not in notes.places or any(notes.attempted(join(path, channel)) for channel in _CHANNELS):
            continue
        notes.wrong(notes.places[path], path, MistakeError("has no channel", "phone, messaging, or both"))


def _client_keys(notes: Notes, assistants: list[str]) -> None:
    """A key without its certificate proves nothing."""
    for name in assistants:
        path = f"assistants.{name}.backend"
        where = f"{path}.client_key"
        if notes.values.get(where) and not notes.attempted(f"{path}.client_cert"):
            fault = MistakeError("a key without a certificate", "client_cert beside it")
            notes.wrong(notes.places[where], where, fault, _variable(notes, where))


def _one_authorization(notes: Notes, assistants: list[str]) -> None:
    """Basic and Bearer stand in the same header; Basic needs both of its words."""
    for path in (f"assistants.{name}.hooks.{hook}" for name in assistants for hook in _HOOKS):
        basic = [f"{path}.{name}" for name in ("username", "password")]
        given = [where for where in basic if notes.values.get(where)]
        bearer = f"{path}.bearer_token"
        if given and notes.values.get(bearer):
            fault = MistakeError("Basic and Bearer together", "username and password, or bearer_token")
            notes.wrong(notes.places[bearer], bearer, fault, _variable(notes, bearer))
        elif len(given) == 1 and not any(each in notes.places for each in set(basic) - set(given)):
            fault = MistakeError("half of a Basic authentication", "username and password")
            notes.wrong(notes.places[given[0]], given[0], fault, _variable(notes, given[0]))


_RULES: Final[tuple[Callable[[Notes, list[str]], None], ...]] = (
    _numbers_belong_once,
    _credentials,
    _hash_key,
    _some_channel,
    _client_keys,
    _one_authorization,
)

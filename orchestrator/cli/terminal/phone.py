"""A phone of the built-in carrier, in another process: what it does, what happens to it, and the session's state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from orchestrator.cli.remote import another_token
from orchestrator.core.errors import TandemError

ACT_LIMIT = 45.0
"""Seconds for one act: a phone waits up to 20 s for the floor, a webhook takes up to 15 s."""
SIMULATOR_PATH = "/simulator"


class PhoneError(TandemError):
    """The phone cannot do that now."""


class ServiceGoneError(TandemError):
    """No service answers."""


class StrangerError(ServiceGoneError):
    """What answers is not the service that the configuration describes; the words say what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Where the service is, its credentials, and the ends of the line; a number that is not there is empty."""

    url: str
    account: str
    carrier_token: str
    api_token: str
    assistant: str
    customer: str
    phone_number: str
    text_number: str


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to the phone, `place`th at the carrier. Kinds are the simulator's."""

    place: int
    kind: str
    at: float
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class News:
    """What is new since `next` of the news before."""

    events: tuple[Happened, ...]
    next: int
    call_state: str
    is_listened_to: bool


class FarPhone:
    """The phone over HTTP. One of these for each thread."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self._carrier = httpx.Client(
            base_url=f"{line.url}{SIMULATOR_PATH}/handsets/{quote(line.customer)}",
            auth=(line.account, line.carrier_token),
            timeout=ACT_LIMIT,
            trust_env=False,
        )
        self._api = httpx.Client(
            base_url=line.url,
            headers={"authorization": f"Bearer {line.api_token}"},
            timeout=5,
            trust_env=False,
        )

    def act(self, what: str, **fields: str) -> None:
        """Do something; returns once the carrier has taken it. `PhoneError` says why not."""
        response = self._send(self._carrier, "POST", f"/{what}", json=fields)
        if response.status_code != httpx.codes.OK:
            raise PhoneError(_reason(response))

    def news(self, since: int, wait: float = 0.0) -> News:
        """What happened after `since`; waits so many seconds for something."""
        response = self._send(self._carrier, "GET", "/events", params={"since": since, "wait": wait})
        if response.status_code != httpx.codes.OK:
            raise StrangerError(_stranger(self.line.url, response.status_code))
        told = response.json()
        events = tuple(
            Happened(seen["place"], seen["kind"], seen["at"], seen["data"]) for seen in told["events"]
        )
        return News(events, told["next"], told["call_state"], told["is_listened_to"])

    def state(self) -> str:
        """The word for the customer's newest session; `idle` if none is open."""
        query = {"assistant": self.line.assistant, "q": self.line.customer, "limit": 1}
        response = self._send(self._api, "GET", "/api/v1/sessions", params=query)
        found = response.json().get("sessions") if response.status_code == httpx.codes.OK else None
        return str(found[0]["state"]) if found else "idle"

    def close(self) -> None:
        """Close the connections."""
        self._carrier.close()
        self._api.close()

    def _send(self, client: httpx.Client, method: str, path: str, **rest: Any) -> httpx.Response:
        try:
            return client.request(method, path, **rest)
        except httpx.HTTPError:
            raise ServiceGoneError(f"no service answers at {self.line.url}") from None


def _reason(response: httpx.Response) -> str:
    """What the carrier says, without what the phone has seen."""
    try:
        said = str(response.json()["message"])
    except (ValueError, KeyError, TypeError):
        return f"the carrier answers {response.status_code}"
    return said.partition(";")[0]


def _stranger(url: str, status: int) -> str:
    if status == httpx.codes.UNAUTHORIZED:
        return another_token(url)
    return (
        f"what answers at {url} has no simulated carrier: name a service with `base_url: simulator` by --url"
    )

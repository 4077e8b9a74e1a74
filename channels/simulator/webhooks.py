"""Webhooks out: signed forms, Twilio's time limits and retries, and what came back.

A request runs on beside whoever waits for it: a call that is interrupted, or a time limit that
passes, does not cancel the application's work, as it would not over the network.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import aiohttp
import httpx

from channels.simulator.errors import DocumentError
from channels.simulator.records import Exchange
from channels.simulator.signing import signature, signed_url
from channels.simulator.world import World

CEILING = 15.0
"""Twilio reads for 15 s at most: webhook connection overrides, `rt` and `tt`."""


RETRY_ON = frozenset({"4xx", "5xx", "ct", "rt", "all"})
"""What `rp` of the connection overrides may name; Twilio error 11243 for anything else."""


@dataclass(frozen=True, slots=True)
class Hook:
    """One webhook to be made. `kind` as in `trouble.WebhookKind`."""

    kind: str
    url: str
    method: str
    form: Mapping[str, str]
    number: str = ""
    call_sid: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """Connection overrides out of the address's fragment, with Twilio's defaults. Times are seconds."""

    retries: int = 1
    retry_on: frozenset[str] = frozenset({"ct"})
    connect: float = 5.0
    read: float = CEILING
    total: float = CEILING

    @classmethod
    def of(cls, url: str) -> Policy:
        """The policy that an address asks for, `ValueError` if it is none. Unknown keys are ignored."""
        given = dict(parse_qsl(urlsplit(url).fragment))
        default = cls()
        if not set(given.get("rp", "ct").split(",")) <= RETRY_ON:
            raise ValueError("rp is not a list of " + ", ".join(sorted(RETRY_ON)))
        return cls(
            retries=min(5, int(given.get("rc", default.retries))),
            retry_on=frozenset(given.get("rp", "ct").split(",")),
            connect=min(10.0, _seconds(given, "ct", default.connect)),
            read=min(CEILING, _seconds(given, "rt", CEILING)),
            total=min(CEILING, _seconds(given, "tt", CEILING)),
        )

    def again(self, problem: str) -> bool:
        """Whether an attempt that ended so is repeated."""
        return bool(problem) and (problem in self.retry_on or "all" in self.retry_on)


def _seconds(given: Mapping[str, str], key: str, default: float) -> float:
    return int(given[key]) / 1000 if key in given else default


class Webhooks:
    """Makes the webhooks of one simulator, over one HTTP client."""

    def __init__(self, world: World, http: httpx.AsyncClient) -> None:
        self._world = world
        self._http = http

    async def ask(self, hook: Hook) -> Exchange:
        """A webhook whose answer is used; `DocumentError` 11200 if there is none within the limits."""
        answer = await self._make(hook)
        if answer.problem:
            raise DocumentError(11200, _explain(answer), hook.url)
        return answer

    async def tell(self, hook: Hook) -> None:
        """A webhook that only informs; a refusal is reported, nothing else follows."""
        answer = await self._make(hook)
        if answer.problem:
            self._world.fault(f"11200 {_explain(answer)}", call_sid=hook.call_sid)

    async def _make(self, hook: Hook) -> Exchange:
        trouble = self._world.trouble.take_webhook(hook.kind)
        copies = trouble.times if trouble and trouble.what == "repeat" else 0
        if trouble and trouble.what == "delay":
            return await self._late(hook, trouble.seconds)
        if trouble and trouble.what == "lose":
            return self._record(hook, self._world.clock.now(), problem="rt")
        if trouble and trouble.at_once:
            self._repeat(hook, copies)
        answer = await self._deliver(hook)
        if trouble and not trouble.at_once:
            self._repeat(hook, copies)
        return answer

    async def _late(self, hook: Hook, seconds: float) -> Exchange:
        """On its way for that long: it arrives, whatever becomes of the call meanwhile."""
        request: asyncio.Task[Exchange] = self._world.spawn(self._after(hook, seconds))
        await asyncio.wait({request})
        return request.result()

    async def _after(self, hook: Hook, seconds: float) -> Exchange:
        await self._world.clock.sleep(seconds)
        return await self._deliver(hook)

    def _repeat(self, hook: Hook, copies: int) -> None:
        for _ in range(copies):
            self._world.spawn(self._deliver(hook))

    async def _deliver(self, hook: Hook) -> Exchange:
        policy = self._policy(hook)
        deadline = self._world.clock.now() + policy.total
        token = secrets.token_urlsafe(16)
        answer = await self._attempt(hook, policy, policy.total, token)
        for _ in range(policy.retries):
            left = deadline - self._world.clock.now()
            if left <= 0 or not policy.again(answer.problem):
                break
            answer = await self._attempt(hook, policy, left, token)
        return answer

    def _policy(self, hook: Hook) -> Policy:
        try:
            return Policy.of(hook.url)
        except ValueError as error:
            self._world.fault(f"11243 connection overrides of {urlsplit(hook.url).path}: {error}")
            return Policy()

    async def _attempt(self, hook: Hook, policy: Policy, left: float, token: str) -> Exchange:
        begun = self._world.clock.now()
        request = self._world.spawn(self._send(hook, policy, token))
        limit = asyncio.ensure_future(self._world.clock.sleep(min(left, policy.read)))
        try:
            await asyncio.wait({request, limit}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            limit.cancel()
        if request.done():
            answer: Exchange = request.result()
            return answer
        return self._record(hook, begun, problem="rt")

    async def _send(self, hook: Hook, policy: Policy, token: str) -> Exchange:
        begun = self._world.clock.now()
        try:
            answer = await self._http.send(self._request(hook, policy, token), follow_redirects=False)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            return self._record(hook, begun, problem="ct" if _is_unconnected(error) else "rt")
        except httpx.HTTPError as error:
            return self._record(hook, begun, problem="rt", body=repr(error))
        except Exception as error:  # noqa: BLE001 - in process, what the application raises arrives here
            return self._record(hook, begun, problem="5xx", status=500, body=repr(error))
        return self._record(
            hook,
            begun,
            status=answer.status_code,
            body=answer.text,
            content_type=answer.headers.get("content-type", ""),
            problem="" if answer.is_success else f"{answer.status_code // 100}xx",
        )

    def _request(self, hook: Hook, policy: Policy, token: str) -> httpx.Request:
        url, form = hook.url, tuple(hook.form.items())
        if hook.method == "GET":
            url, form = _with_query(url, form), ()
        headers = {
            "X-Twilio-Signature": signature(
                self._world.auth_token, signed_url(url, voice=hook.kind.startswith("voice")), form
            ),
            "I-Twilio-Idempotency-Token": token,
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
        }
        if hook.method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        return self._http.build_request(
            hook.method,
            url.partition("#")[0],
            content=urlencode(form) if hook.method == "POST" else None,
            headers=headers,
            timeout=httpx.Timeout(None, connect=policy.connect),  # the limits are counted on the clock
        )

    def _record(
        self,
        hook: Hook,
        begun: float,
        *,
        problem: str,
        status: int = 0,
        body: str = "",
        content_type: str = "",
    ) -> Exchange:
        seconds = self._world.clock.now() - begun
        form = tuple(hook.form.items())
        exchange = Exchange(
            hook.kind, hook.method, hook.url, form, begun, seconds, status, body, content_type, problem
        )
        self._world.exchanges.append(exchange)
        self._world.emit(
            "webhook",
            number=hook.number,
            call_sid=hook.call_sid,
            webhook=hook.kind,
            path=urlsplit(hook.url).path,
            status=status,
            milliseconds=round(seconds * 1000),
            problem=problem,
        )
        return exchange


def _is_unconnected(error: Exception) -> bool:
    """Httpx's aiohttp transport tells every lost connection as one that was never made; the cause knows."""
    cause = error.__cause__
    if not isinstance(cause, aiohttp.ClientError):
        return True
    return isinstance(cause, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)


def _with_query(url: str, form: tuple[tuple[str, str], ...]) -> str:
    parts = urlsplit(url)
    query = "&".join(piece for piece in (parts.query, urlencode(form)) if piece)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, parts.fragment))


_REASONS = {
    "ct": "could not connect",
    "rt": "no answer in time",
    "3xx": "a redirect, which Twilio follows as a GET without the form",
}


def _explain(answer: Exchange) -> str:
    path = urlsplit(answer.url).path
    reason = _REASONS.get(answer.problem, f"status {answer.status}")
    return f"{answer.method} {path} ({answer.kind}) not retrieved: {reason}"

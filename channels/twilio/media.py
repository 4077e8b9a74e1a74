"""Media of texts, fetched with the account's credentials, which go to the account's own media and nowhere else."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from urllib.parse import urlsplit

import httpx

from channels.twilio.integration import Integration
from orchestrator.core.errors import CarrierError
from orchestrator.ports.media import Fetched

REDIRECTS = 3
"""The carrier answers with the signed address of a store (Twilio, Media resource)."""
TIMEOUT = httpx.Timeout(10.0, connect=3.0)
LARGEST = 32 * 1024 * 1024
"""Bytes; the largest that comes by text is 16 MB (Twilio, WhatsApp), and 5 MB by MMS."""
_MEDIA = r"/2010-04-01/Accounts/{account}/Messages/[A-Za-z0-9]+/Media/[A-Za-z0-9]+"


class TwilioMedia:
    """`orchestrator.ports.media.MediaSource`. `http` is shared and closed by its owner."""

    def __init__(self, http: httpx.AsyncClient, integrations: Iterable[Integration]) -> None:
        self._http = http
        self._accounts = [entry for entry in integrations if entry.kind == "messaging"]

    def fetch(self, assistant: str, url: str) -> AbstractAsyncContextManager[Fetched] | None:
        """Open an address of the assistant's account; None where it is none of its media."""
        for account in self._accounts:
            if account.assistant == assistant and _is_media_of(account, url):
                return self._open(account, url)
        return None

    @asynccontextmanager
    async def _open(self, account: Integration, url: str) -> AsyncIterator[Fetched]:
        credentials: httpx.BasicAuth | None = httpx.BasicAuth(account.account_sid, account.auth_tokens[0])
        for _ in range(REDIRECTS + 1):
            try:
                async with self._http.stream(
                    "GET", url, auth=credentials, timeout=TIMEOUT, follow_redirects=False
                ) as response:
                    following = _following(response, url)
                    if following is None:
                        yield Fetched(_type(response), _bounded(response))
                        return
                    url, credentials = following, None  # the signed address needs none, and gets none
            except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
                raise _unreachable(type(error).__name__) from error
        raise _unreachable("too many redirects")


def _is_media_of(account: Integration, url: str) -> bool:
    base, given = urlsplit(account.base_url), urlsplit(url)
    path = re.escape(base.path.rstrip("/")) + _MEDIA.format(account=re.escape(account.account_sid))
    same = (given.scheme, given.netloc) == (base.scheme, base.netloc)
    return same and re.fullmatch(path, given.path) is not None and not given.query


def _following(response: httpx.Response, url: str) -> str | None:
    """Where the answer leads on to, or None where it is the media itself."""
    if response.is_redirect:
        following = urlsplit(str(httpx.URL(url).join(response.headers["location"])))
        if following.scheme == "https" or following.netloc == urlsplit(url).netloc:
            return following.geturl()
        raise _unreachable("a redirect that is not https")
    if not response.is_success:
        gone = response.status_code in {httpx.codes.NOT_FOUND, httpx.codes.GONE}
        raise CarrierError(
            f"the carrier answered {response.status_code}",
            outcome="refused" if gone else "not_sent",
            status=response.status_code,
        )
    return None


def _type(response: httpx.Response) -> str:
    """The type, and no parameter of it: what comes from customers is never a page of ours."""
    kind = str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()
    return kind if re.fullmatch(r"[a-z0-9.+-]+/[a-z0-9.+-]+", kind) else "application/octet-stream"


async def _bounded(response: httpx.Response) -> AsyncIterator[bytes]:
    size = 0
    async for chunk in response.aiter_bytes():
        size += len(chunk)
        if size > LARGEST:
            raise _unreachable("larger than any that comes by text")
        yield chunk


def _unreachable(why: str) -> CarrierError:
    return CarrierError(f"no media from the carrier: {why}", outcome="not_sent")

"""Whether the public address leads to a running service with this configuration: a signed probe.

It is a status report that asks for nothing: of a call that nobody has, still under way, or of a message
without an outbox entry. The service checks its signature and forgets it, so that no session, event or
customer comes of it. A second probe with a broken signature must be refused.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping

import httpx

from channels.twilio import urls
from channels.twilio.integration import Integration
from channels.twilio.signature import compute
from channels.twilio.webhooks import SIGNATURE_HEADER
from orchestrator.cli.doctor.report import Finding

CHECK = "public_url"
ANSWER = 6.0
"""Seconds for one answer; the carrier itself would wait 15 at most."""
NOBODY = "0" * 32
"""The rest of the id of a call or message that no carrier gives."""
_OURS = {
    403: "The signature does not match",
    404: "No integration has this number",
    503: "Not stored",
}
"""How the answers of a service of ours begin; the same status with other words comes from something before it."""


async def check_public_url(http: httpx.AsyncClient, integration: Integration) -> Finding:
    """The probe of one integration."""
    subject = f"{integration.assistant} {integration.section}"
    url, form = _probe(integration)
    try:
        signed = await _post(http, url, form, compute(url, form, integration.auth_tokens[0]))
        if signed.status_code != httpx.codes.NO_CONTENT:
            told, fix = _told(signed)
            return Finding(CHECK, subject, "fail", f"{url} {told}", fix)
        forged = await _post(http, url, form, "forged")
    except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError) as error:
        told, fix = _broken(error)
        return Finding(CHECK, subject, "fail", f"{url} {told}", fix)
    if forged.status_code != httpx.codes.FORBIDDEN:
        told = f"{url} answers {forged.status_code} to a probe whose signature is wrong, where 403 is right"
        return Finding(CHECK, subject, "fail", told, "see what answers there: it is no service of Tandem")
    return Finding(CHECK, subject, "ok", f"{url} takes a signed probe, and refuses a forged one")


def _probe(integration: Integration) -> tuple[str, Mapping[str, str]]:
    """Address and form."""
    ours, public_url = integration.numbers[0], integration.style.public_url
    if integration.kind == "phone":
        form = {"CallSid": f"CA{NOBODY}", "From": "anonymous", "To": ours, "Direction": "inbound"}
        return urls.absolute(public_url, urls.VOICE_STATUS), form | {"CallStatus": "in-progress"}
    form = {"MessageSid": f"SM{NOBODY}", "From": ours, "To": ours, "MessageStatus": "sent"}
    return urls.absolute(public_url, urls.SMS_STATUS), form


async def _post(http: httpx.AsyncClient, url: str, form: Mapping[str, str], signature: str) -> httpx.Response:
    headers = {SIGNATURE_HEADER: signature}
    return await http.post(url, data=form, headers=headers, timeout=ANSWER, follow_redirects=False)


def _told(answer: httpx.Response) -> tuple[str, str]:
    """What an answer other than 204 means, and the fix."""
    status = answer.status_code
    if answer.text.startswith(_OURS.get(status, "\0")):
        return _refused_by_us(status)
    if answer.is_redirect:
        return (
            f"redirects ({status}) to {_place(answer)}: the carrier would follow with GET and lose the form",
            "make service.public_url the address that answers itself, or take the redirect out of the proxy",
        )
    if status in {502, 504} or status == httpx.codes.SERVICE_UNAVAILABLE:
        return f"answers {status}: a proxy is there, the service behind it is not", "start `tandem serve`"
    if status in {401, 403}:
        return (
            f"answers {status}: something before the service wants a sign-in, or refuses the request",
            "let POST /twilio/ pass the proxy or firewall unchecked: the signature is the check",
        )
    return (
        f"answers {status} where 204 is right: something else than this service is there",
        "let the proxy pass /twilio/ with its whole path to `tandem serve`, and name its address as public_url",
    )


def _refused_by_us(status: int) -> tuple[str, str]:
    if status == httpx.codes.FORBIDDEN:
        return (
            "answers 403: the service sees another address or another token than was signed",
            "let the proxy pass path and query unchanged, and serve with this service.public_url and auth_token",
        )
    if status == httpx.codes.NOT_FOUND:
        return (
            "answers 404: the service that runs there does not have this number",
            "restart `tandem serve` with this configuration",
        )
    return "answers 503: the service cannot store what comes in", "see that its Redis is up"


def _broken(error: Exception) -> tuple[str, str]:
    """Why no answer came, and the fix."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            reason = getattr(seen, "verify_message", "") or getattr(seen, "reason", "") or type(seen).__name__
            return (
                f"fails in TLS: {reason}",
                "give the proxy a public authority's certificate, with its chain: the carrier takes no other",
            )
        seen = seen.__cause__ or seen.__context__
    if isinstance(error, httpx.TimeoutException):
        return (
            f"does not answer within {ANSWER:.0f} s",
            "see that the host can be reached from the internet, and that the proxy reaches `tandem serve`",
        )
    if isinstance(error, httpx.ConnectError):
        return (
            "cannot be reached",
            "see that the host name leads here, and that `tandem serve` or its proxy runs",
        )
    return f"breaks off ({type(error).__name__})", "look at the log of the proxy"


def _place(answer: httpx.Response) -> str:
    """Where a redirect leads, without its query."""
    return answer.headers.get("location", "").partition("?")[0] or "nowhere"

"""`tandem check-assistant URL`: asks an assistant as the service would, and says what it does wrong."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from ssl import SSLContext
from typing import Annotated, Any

import httpx
import typer

from config.kinds import MistakeError
from config.values import seconds
from orchestrator.app.certificates import CertificateError, Files, trust
from orchestrator.app.transport import Transport
from orchestrator.assistants.contract.examine import Report, examine
from orchestrator.assistants.contract.exchange import Asker
from orchestrator.assistants.contract.findings import Finding
from orchestrator.assistants.signing import key_of

EXIT_FAILED = 1
EXIT_UNREACHABLE = 4


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check-assistant")(check_assistant)


def check_assistant(
    url: Annotated[str, typer.Argument(metavar="URL", help="Where the assistant takes turns.")],
    *,
    secret: Annotated[
        str,
        typer.Option(
            envvar="TANDEM_ASSISTANT_SECRET", help="As `backend.secret`; without it nothing is signed."
        ),
    ] = "",
    header: Annotated[
        list[str] | None, typer.Option(metavar="NAME:VALUE", help="A further request header.")
    ] = None,
    timeout: Annotated[str, typer.Option(help="How long an answer may take.")] = "30s",
    ca_file: Annotated[str, typer.Option(help="As `backend.ca_file`.")] = "",
    client_cert: Annotated[str, typer.Option(help="As `backend.client_cert`.")] = "",
    client_key: Annotated[str, typer.Option(help="As `backend.client_key`.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="The result as JSON.")] = False,
) -> None:
    """Ask sample turns, and tell what breaks the contract: exit 0 when nothing does, 1 with faults.

    The customer in them is +1 555 010 1234. An assistant that acts on turns acts on these.
    """
    asked = _asker(url, secret, header or [], timeout)
    trusted = _trusted(Files(ca_file=ca_file, client_cert=client_cert, client_key=client_key))
    report = asyncio.run(_examined(*asked, trusted))
    if as_json:
        typer.echo(json.dumps(_as_json(url, report), ensure_ascii=False))
    else:
        for line in _lines(url, report, signed=bool(secret)):
            typer.echo(line)
    if any(each.code == "unreachable" for each in report.findings):
        raise typer.Exit(EXIT_UNREACHABLE)
    if not report.is_fine:
        raise typer.Exit(EXIT_FAILED)


def _asker(url: str, secret: str, headers: list[str], timeout: str) -> tuple[str, str, dict[str, str], float]:
    """What was given, checked. Raises `typer.BadParameter`."""
    if not url.startswith(("http://", "https://")) or not _host(url):
        raise typer.BadParameter("expected an address such as http://127.0.0.1:9000/turn", param_hint="URL")
    try:
        if secret:
            key_of(secret)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--secret") from None
    pairs = [each.partition(":") for each in headers]
    if any(not name.strip() or not colon for name, colon, _ in pairs):
        raise typer.BadParameter("expected NAME:VALUE", param_hint="--header")
    try:
        limit = seconds(timeout)
    except MistakeError as error:
        raise typer.BadParameter(
            f"{error.message}: expected {error.expected}", param_hint="--timeout"
        ) from None
    if limit <= 0:
        raise typer.BadParameter("expected more than nothing", param_hint="--timeout")
    return url, secret, {name.strip().lower(): value.strip() for name, _, value in pairs}, limit


def _trusted(files: Files) -> SSLContext | None:
    """The certificates that are named; None for none. Raises `typer.BadParameter`."""
    if files == Files():
        return None
    try:
        return trust(files, Path.cwd())
    except CertificateError as error:
        raise typer.BadParameter(str(error).removeprefix("backend.")) from None


def _host(url: str) -> str:
    try:
        return httpx.URL(url).host
    except httpx.InvalidURL:
        return ""


async def _examined(
    url: str,
    secret: str,
    headers: dict[str, str],
    timeout: float,  # noqa: ASYNC109 - a setting of the one who asks
    trusted: SSLContext | None,
) -> Report:
    async with httpx.AsyncClient(transport=Transport(trusted=trusted)) as http:
        return await examine(Asker(url, http, secret=secret, headers=headers, timeout=timeout))


def _lines(url: str, report: Report, *, signed: bool) -> Iterator[str]:
    for each in report.findings:
        yield from _told(each)
    slowest = max((took for _, _, took in report.asked), default=0.0)
    yield f"{_counted(len(report.asked), 'request')}, the slowest took {slowest:.2f} s"
    if not signed:
        yield "signatures were not looked at: --secret whsec_... does"
    if not report.findings:
        yield f"{url}: fine"
    else:
        errors = sum(each.severity == "error" for each in report.findings)
        yield f"{url}: {_counted(errors, 'fault')}, {_counted(len(report.findings) - errors, 'warning')}"


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _told(finding: Finding) -> Iterator[str]:
    where = f" at {finding.part}" if finding.part else ""
    yield f"{finding.severity} {finding.code}{where}: {finding.message}"
    yield f"  in: {', '.join(finding.turns)}"
    yield f"  hint: {finding.hint}"


def _as_json(url: str, report: Report) -> dict[str, Any]:
    return {
        "url": url,
        "fine": report.is_fine,
        "findings": [
            {
                "code": each.code,
                "severity": each.severity,
                "part": each.part,
                "message": each.message,
                "hint": each.hint,
                "turns": list(each.turns),
            }
            for each in report.findings
        ],
        "requests": [
            {"turn": name, "status": status or None, "seconds": round(took, 3)}
            for name, status, took in report.asked
        ],
    }

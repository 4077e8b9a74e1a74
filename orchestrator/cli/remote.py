"""The API of a running service, for the commands that ask it: where it is, its token, its answers.

Exit codes: 1 what was asked for cannot be done, 3 no token in the configuration, 4 no service answers, or
it refuses the token.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn
from urllib.parse import urlsplit

import httpx
import typer

from orchestrator.cli.running import EXIT_CONFIGURATION, EXIT_UNREACHABLE, read_settings

EXIT_FAILED = 1
TIMEOUT = 10.0
"""Seconds for an answer: a store that is away is told within 2 s, a young session is looked for for one."""
PAGE = 200
DEFAULT = Path("tandem.yaml")
VARIABLE = "TANDEM_API_TOKEN"
"""The variable that projects of `tandem init` keep the token in, and that does for a demo."""

ConfigOption = Annotated[
    Path, typer.Option("--config", "-c", help="The configuration that the service runs with.")
]
UrlOption = Annotated[str, typer.Option("--url", help="Where the service is; public_url if empty.")]
JsonOption = Annotated[bool, typer.Option("--json", help="The result as JSON.")]


class Remote:
    """A service, by its address and token."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url.rstrip("/")
        headers = {"Authorization": f"Bearer {token}"}
        self.client = httpx.Client(
            base_url=f"{self.url}/api/v1", headers=headers, timeout=TIMEOUT, trust_env=False
        )

    def ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        **query: str | int | Sequence[str],
    ) -> Any:
        """The answer; a problem ends the command with what it says."""
        asked = {name: value for name, value in query.items() if value not in ("", (), [])}
        try:
            answer = self.client.request(method, path, params=asked, json=body)
        except httpx.TransportError:
            self.gone()
        if answer.is_error:
            refused(answer, self.url)
        return answer.json() if answer.content else None

    def pages(
        self, path: str, field: str, cursor: str = "", *, state: Sequence[str] = ()
    ) -> Iterator[dict[str, Any]]:
        """Every entry of a list after `cursor`, page by page."""
        while True:
            answer = self.ask("GET", path, limit=PAGE, cursor=cursor, state=state)
            yield from answer[field]
            cursor = answer["next_cursor"] or ""
            if not cursor:
                return

    def gone(self) -> NoReturn:
        """Nobody answers."""
        typer.echo(f"no service answers at {self.url}; start it, or name it by --url", err=True)
        raise typer.Exit(EXIT_UNREACHABLE)


@contextmanager
def remote(config: Path, url: str) -> Iterator[Remote]:
    """The service that the configuration describes, with its token."""
    check_address(url)
    reached = Remote(url, os.environ[VARIABLE]) if does_without(config, url) else _described(config, url)
    with reached.client:
        yield reached


def _described(config: Path, url: str) -> Remote:
    service = read_settings(config).service
    token = service.api_token.reveal() or service.api_read_token.reveal()
    if not token:
        typer.echo(f"{config}: service.api_token is not set, and the API needs it", err=True)
        raise typer.Exit(EXIT_CONFIGURATION)
    return Remote(url or service.public_url, token)


def does_without(config: Path, url: str) -> bool:
    """Whether address and token are given, and no configuration: a demo has no file."""
    return bool(url) and not config.exists() and VARIABLE in os.environ


def check_address(url: str) -> None:
    """Return if `--url` is empty or an address. Raises `typer.BadParameter`."""
    try:
        parts = urlsplit(url)
        good = not url or (parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0)
    except ValueError:
        good = False
    if not good:
        raise typer.BadParameter("expected an address such as http://127.0.0.1:8080", param_hint="--url")


def another_token(url: str) -> str:
    """What to do where the service refuses our token."""
    return (
        f"the service at {url} has another api_token than this configuration: "
        f"name the service's own by --config, or set {VARIABLE} to its token (it wins over .env)"
    )


def refused(answer: httpx.Response, url: str) -> NoReturn:
    """Tell what the service says, and end: 4 where it is the wrong service or is not ready, else 1."""
    if answer.status_code == httpx.codes.UNAUTHORIZED:
        typer.echo(another_token(url), err=True)
        raise typer.Exit(EXIT_UNREACHABLE)
    try:
        problem = answer.json()
        told = " ".join(part for part in (problem["detail"], problem["hint"]) if part)
    except (ValueError, KeyError, TypeError):
        typer.echo(f"{url} is no Tandem service: HTTP {answer.status_code}", err=True)
        raise typer.Exit(EXIT_UNREACHABLE) from None
    typer.echo(told, err=True)
    unreachable = answer.status_code == httpx.codes.FORBIDDEN or answer.status_code >= 500
    raise typer.Exit(EXIT_UNREACHABLE if unreachable else EXIT_FAILED)


def show_json(value: Any) -> None:
    """A value as JSON, for programs."""
    typer.echo(json.dumps(value, ensure_ascii=False))


def show_columns(rows: Sequence[Sequence[str]], none: str) -> None:
    """Rows below each other, columns aligned; `none` is said where there are no rows."""
    if not rows:
        typer.echo(none)
        return
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())


def show_fields(value: Mapping[str, Any]) -> None:
    """The fields of a record, one a line; what holds more is JSON."""
    width = max(map(len, value))
    for name, field in value.items():
        told = json.dumps(field, ensure_ascii=False) if isinstance(field, dict | list) else field
        typer.echo(f"{name.ljust(width)}  {'-' if told is None else told}")

"""Whether each assistant can be asked, without asking it: a turn could have effects on a real bot.

A script is read and looked through, Watson gives a session (`watson.py`), a language model's endpoint its list of
models (`model.py`). `kind: http` is sent `HEAD`, unsigned and without a body: it shows that name, TLS and server are
there, not that the secret is right. The first turn shows that.
"""

from __future__ import annotations

from pathlib import Path

import httpx

from config.backends import Backend, Http, OpenAI, Scripted, Watson
from orchestrator.app.certificates import CertificateError, own_client
from orchestrator.assistants.scripted import DEMO, ScriptError, load_script
from orchestrator.assistants.scripted.lint import lint
from orchestrator.cli.doctor.model import check_model
from orchestrator.cli.doctor.report import Finding, State
from orchestrator.cli.doctor.watson import check_watson

CHECK = "assistant"
ANSWER = 6.0
"""Seconds until an assistant counts as silent; it gets longer for a turn."""


async def check_assistant(http: httpx.AsyncClient, name: str, backend: Backend, folder: Path) -> Finding:
    """One assistant. `folder` is where relative file names of the configuration start."""
    if isinstance(backend, Scripted):
        return _script(name, folder / backend.file if backend.file else DEMO)
    if isinstance(backend, Watson):
        return await check_watson(http, name, backend)
    if isinstance(backend, OpenAI):
        return await check_model(http, name, backend)
    return await _with_certificates(http, name, backend, folder)


def _script(name: str, file: Path) -> Finding:
    try:
        problems = lint(load_script(file))
    except ScriptError as error:
        problems = list(error.problems)
    first = next((each for each in problems if not each.warning), problems[0] if problems else None)
    if first is None:
        return Finding(CHECK, name, "ok", f"the script {file.name} is fine")
    told = f"{first.path}:{first.line}:{first.column}: {first.message}"
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    state: State = "warn" if first.warning else "fail"
    return Finding(CHECK, name, state, told + more, "correct the script; `tandem check` shows every place")


async def _with_certificates(http: httpx.AsyncClient, name: str, backend: Http, folder: Path) -> Finding:
    """An endpoint by the certificates that are named for it."""
    try:
        own = own_client(backend, folder)
    except CertificateError as error:
        return Finding(CHECK, name, "fail", str(error), f"correct assistants.{name}.backend")
    if own is None:
        return await _endpoint(http, name, backend)
    async with own:
        return await _endpoint(own, name, backend)


async def _endpoint(http: httpx.AsyncClient, name: str, backend: Http) -> Finding:
    place = f"assistants.{name}.backend.url"
    host = httpx.URL(backend.url).host
    try:
        answer = await http.head(backend.url, timeout=ANSWER, follow_redirects=False)
    except httpx.TimeoutException:
        told = f"{host} is slow: no answer within {ANSWER:.0f} s"
        return Finding(
            CHECK, name, "unknown", told, f"see that the assistant runs, and that {place} is right"
        )
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        told = f"{host} cannot be reached: {type(error).__name__}"
        return Finding(CHECK, name, "fail", told, f"start the assistant, or correct {place}")
    return _answered(name, host, place, answer)


def _answered(name: str, host: str, place: str, answer: httpx.Response) -> Finding:
    """What the status of a HEAD tells. 401, 404, 405 and 501 are what an endpoint for POST may well say.

    501 is how servers that know no HEAD answer it (RFC 9110, 15.6.2); Python's `http.server` is one.
    """
    status = answer.status_code
    if answer.is_server_error and status != httpx.codes.NOT_IMPLEMENTED:
        told = f"{host} fails itself ({status})"
        return Finding(CHECK, name, "unknown", told, "look at the assistant's log")
    if answer.is_redirect:
        told = f"{host} redirects ({status}): turns follow no redirects"
        return Finding(CHECK, name, "warn", told, f"give the final address as {place}")
    return Finding(CHECK, name, "ok", f"{host} answers (HEAD, {status}); no turn was asked")

"""Whether a language model can be asked: its endpoint gives the list of its models, no token is spent.

That shows that address and key are right, and that the model is there. Endpoints that are only compatible may
have no such list: then the first turn shows it.
"""

from __future__ import annotations

import json
from typing import Any

import httpx

from config.backends import OpenAI
from orchestrator.app.backends import chat_api
from orchestrator.cli.doctor.report import Finding

CHECK = "assistant"
ANSWER = 6.0
"""Seconds until the endpoint counts as silent."""
_NO_LIST = frozenset({404, 405, 501})


async def check_model(http: httpx.AsyncClient, name: str, backend: OpenAI) -> Finding:
    """Ask for the models."""
    place = f"assistants.{name}.backend"
    host = httpx.URL(backend.base_url).host
    try:
        answer = await http.send(_request(http, backend), follow_redirects=False)
    except httpx.TimeoutException:
        told = f"{host} is slow: no answer within {ANSWER:.0f} s"
        return Finding(CHECK, name, "unknown", told, f"see that {place}.base_url is right")
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        told = f"{host} cannot be reached: {type(error).__name__}"
        return Finding(CHECK, name, "fail", told, f"start the endpoint, or correct {place}.base_url")
    if answer.is_success:
        return _listed(name, host, place, backend.model, answer)
    return _refused(name, host, place, answer.status_code)


def _request(http: httpx.AsyncClient, backend: OpenAI) -> httpx.Request:
    api = chat_api(backend, http=http)
    return http.build_request("GET", api.address("/models"), headers=api.credentials(), timeout=ANSWER)


def _listed(name: str, host: str, place: str, model: str, answer: httpx.Response) -> Finding:
    known = _names(answer)
    if known is None:
        told = f"{host} answers with no list of models: something else may be there"
        return Finding(CHECK, name, "warn", told, f"see that {place}.base_url is right; it often ends in /v1")
    if model not in known:
        told = f"{host} does not list the model {model}"
        return Finding(
            CHECK, name, "warn", told, f"correct {place}.model, unless it is one without a listing"
        )
    return Finding(CHECK, name, "ok", f"{host} takes the key and has the model; no turn was asked")


def _names(answer: httpx.Response) -> set[str] | None:
    try:
        found: Any = json.loads(answer.content)
    except (ValueError, RecursionError):
        return None
    models = found.get("data") if isinstance(found, dict) else None
    if not isinstance(models, list):
        return None
    return {str(each.get("id")) for each in models if isinstance(each, dict)}


def _refused(name: str, host: str, place: str, status: int) -> Finding:
    if status in {401, 403}:
        return Finding(CHECK, name, "fail", f"{host} refuses the key ({status})", f"correct {place}.api_key")
    if status in _NO_LIST:
        told = f"{host} answers ({status}), without a list of models; no turn was asked"
        return Finding(CHECK, name, "warn", told, f"see that {place}.base_url is right; it often ends in /v1")
    if 300 <= status < 400:
        told = f"{host} redirects ({status}): turns follow no redirects"
        return Finding(CHECK, name, "warn", told, f"give the final address as {place}.base_url")
    return Finding(CHECK, name, "unknown", f"{host} fails itself ({status})", "look at the endpoint's status")

"""Connections to an assistant with certificates of their own: private authorities, and mutual TLS."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

import httpx

from config import Settings
from config.backends import Http
from orchestrator.app.transport import UNLIMITED, Transport
from orchestrator.core.errors import TandemError


class CertificateError(TandemError):
    """A file of `ca_file`, `client_cert` or `client_key` cannot be used; the message names the key."""


def own_client(found: Http, folder: Path) -> httpx.AsyncClient | None:
    """The client of an assistant that names certificates; None for one that needs none of its own. `folder` is
    where relative file names start. Raises `CertificateError`.
    """
    if not found.ca_file and not found.client_cert:
        return None
    return httpx.AsyncClient(transport=Transport(UNLIMITED, trust(found, folder)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The files of one connection, as `backend` of the configuration names them; empty: none."""

    ca_file: str = ""
    client_cert: str = ""
    client_key: str = ""


def unusable(settings: Settings, folder: Path) -> list[str]:
    """What is wrong with the certificates that a configuration names, a line each."""
    troubles = []
    for name, assistant in settings.assistants.items():
        found = assistant.backend
        try:
            if isinstance(found, Http) and (found.ca_file or found.client_cert):
                trust(found, folder)
        except CertificateError as error:
            troubles.append(f"assistants.{name}.{error}")
    return troubles


def trust(found: Http | Files, folder: Path) -> ssl.SSLContext:
    """Whom we believe, and what we show. Raises `CertificateError`."""
    context = _authorities(folder / found.ca_file) if found.ca_file else httpx.create_ssl_context()
    if found.client_cert:
        key = folder / found.client_key if found.client_key else None
        try:
            context.load_cert_chain(folder / found.client_cert, key, password=_no_password)
        except (OSError, ValueError) as error:
            raise CertificateError(_told("client_cert", "a certificate and its key", error)) from None
    return context


def _authorities(file: Path) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=file)
    except (OSError, ValueError) as error:
        raise CertificateError(_told("ca_file", "certificates", error)) from None


def _no_password() -> str:
    """A key with a password would ask at the terminal, where nobody sits."""
    raise ValueError("the key has a password")


def _told(name: str, wanted: str, error: Exception) -> str:
    """What is wrong, without the library's words, which name other files."""
    if isinstance(error, OSError) and not isinstance(error, ssl.SSLError):
        return f"backend.{name}: {(error.strerror or type(error).__name__).lower()}"
    return f"backend.{name}: not PEM files of {wanted} that belong together, without a password"

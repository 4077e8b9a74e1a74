"""Redis over TLS with an ACL user, as managed services offer it: Debian's redis-server, a certificate of our own."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from orchestrator.core.errors import StoreUnavailable
from orchestrator.ports import Commit, Committed, Grant, Inboxed
from orchestrator.store import RedisStore
from orchestrator.store.connect import connect
from tests.servers import free_port

pytestmark = [pytest.mark.system, pytest.mark.anyio]

COMMANDS = "+@read +@write +@connection +@scripting +@pubsub +time"
"""What the store needs of an ACL user, on its own keys and channels only."""
ACL = f"user default off\nuser tandem on >secret-word resetkeys ~tandem:* resetchannels &tandem:* -@all {COMMANDS}\n"


def certificate(folder: Path) -> tuple[Path, Path]:
    """A key and a certificate for this machine, signed by itself."""
    key, crt = folder / "redis.key", folder / "redis.crt"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(crt)],
        check=True, capture_output=True,
    )  # fmt: skip
    return key, crt


def await_port(port: int) -> None:
    """Return once something listens there; 10 s are plenty on a busy machine."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise AssertionError("redis-server did not come up")


@contextmanager
def tls_server(folder: Path) -> Iterator[tuple[int, Path]]:
    """A server that speaks TLS only, and knows one user; its port and its certificate."""
    key, crt = certificate(folder)
    (folder / "users.acl").write_text(ACL)
    port = free_port()
    command = ["redis-server", "--port", "0", "--tls-port", str(port), "--tls-cert-file", str(crt), "--tls-key-file", str(key),
               "--tls-auth-clients", "no", "--aclfile", str(folder / "users.acl"), "--save", "", "--dir", str(folder), "--bind", "127.0.0.1"]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        await_port(port)
        yield port, crt
    finally:
        process.kill()
        process.wait()


def store_at(port: int, crt: Path, user: str = "tandem:secret-word", *, trusted: bool = True) -> RedisStore:
    """A store as `service.redis_url` names it."""
    query = f"?ssl_ca_certs={crt}" if trusted else ""
    return connect(f"rediss://{user}@127.0.0.1:{port}/0{query}", hash_key=b"test key", partitions=8)


async def test_the_store_works_over_tls_as_a_user_of_its_keys_only(tmp_path: Path) -> None:
    """Accept, lease and commit pass with the commands, keys and channels that the docs name."""
    with tls_server(tmp_path) as (port, crt):
        store = store_at(port, crt)
        await store.start()
        address = store.address("support", "+15550101234")
        grant = await store.accept(address, Inboxed("SM1", "{}"), "token")
        assert isinstance(grant, Grant)
        assert isinstance(
            await store.commit(grant, grant.version, Commit(document="{}", consumed=1)), Committed
        )
        await store.close()


@pytest.mark.parametrize(("user", "trusted"), [("tandem:wrong", True), ("tandem:secret-word", False)])
async def test_a_wrong_login_or_an_unknown_authority_is_told(
    tmp_path: Path, user: str, trusted: bool
) -> None:
    """Both are an unavailable store, told within the budget and without the password."""
    with tls_server(tmp_path) as (port, crt):
        store = store_at(port, crt, user, trusted=trusted)
        with pytest.raises(StoreUnavailable) as told:
            await store.start()
        assert "secret-word" not in str(told.value)
        await store.close()

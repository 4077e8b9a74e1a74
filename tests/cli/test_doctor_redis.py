"""The doctor's look at Redis: a real server with each trouble, and nothing written to it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import parse
from orchestrator.app import open_store
from orchestrator.cli.doctor.report import Finding
from orchestrator.cli.doctor.store import check_redis
from tests.servers import Server, free_port, redis_server

GUIDE = Path(__file__).parents[2] / "docs" / "deploy.md"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Redis with an append-only file."""
    with redis_server(tmp_path_factory.mktemp("redis")) as running:
        yield running


@pytest.fixture(autouse=True)
def _as_it_should_be(server: Server) -> None:
    with server.client() as client:
        client.config_set("appendonly", "yes")
        client.config_set("save", "")
        client.config_set("maxmemory", "0")
        client.config_set("maxmemory-policy", "noeviction")
        client.replicaof("NO", "ONE")
        client.flushall()


def settings_of(url: str, hash_key: str) -> str:
    """A configuration that uses this Redis."""
    return f"""
service: {{public_url: 'http://127.0.0.1:1', redis_url: '{url}', api_token: t, hash_key: {hash_key}}}
assistants:
  support:
    backend: {{kind: scripted}}
    phone: {{numbers: ['+19585550123'], base_url: simulator}}
"""


def looked_at(url: str, hash_key: str = "hash-key") -> dict[str, Finding]:
    """The findings that are not ok; each has a fix."""
    settings = parse(settings_of(url, hash_key), name="tandem.yaml", environ={})
    found = [each for each in asyncio.run(check_redis(settings)) if each.state != "ok"]
    assert all(each.fix for each in found)
    return {each.subject: each for each in found}


def test_a_sound_redis_is_fine_and_stays_empty(server: Server) -> None:
    """A Redis as it should be has no trouble, and the doctor leaves no key in it."""
    assert looked_at(server.url) == {}
    with server.client() as client:
        assert client.dbsize() == 0


@pytest.mark.parametrize(
    ("setting", "value", "subject", "told"),
    [
        ("appendonly", "no", "persistence", "none: a restart loses every session"),
        ("maxmemory-policy", "volatile-lru", "eviction", "throws live sessions away"),
        ("maxmemory-policy", "allkeys-lru", "eviction", "sessions and opt-outs"),
    ],
)
def test_a_redis_that_forgets_is_a_warning(
    server: Server, setting: str, value: str, subject: str, told: str
) -> None:
    """No persistence, and eviction, are warned of by name."""
    with server.client() as client:
        client.config_set(setting, value)
    (found,) = looked_at(server.url).values()
    assert (found.check if subject == "" else found.subject, found.state) == (subject, "warn")
    assert told in found.told


def test_snapshots_are_less_than_a_file(server: Server) -> None:
    """With snapshots only, the warning says what is lost."""
    with server.client() as client:
        client.config_set("appendonly", "no")
        client.config_set("save", "900 1")
    assert "snapshots only (save 900 1)" in looked_at(server.url)["persistence"].told


def test_evicting_everything_at_a_limit_fails(server: Server) -> None:
    """allkeys-* with a limit of memory loses opt-outs: a failure."""
    with server.client() as client:
        client.config_set("maxmemory-policy", "allkeys-random")
        client.config_set("maxmemory", "100mb")
    assert looked_at(server.url)["eviction"].state == "fail"


def test_a_database_of_another_key_fails(server: Server) -> None:
    """A database that was begun with another hash_key is told, and the key is not shown."""

    async def begin() -> None:
        store = open_store(parse(settings_of(server.url, "first-key"), name="tandem.yaml", environ={}))
        await store.start()
        await store.close()

    asyncio.run(begin())
    assert looked_at(server.url, "first-key") == {}
    found = looked_at(server.url, "second-key")["service.hash_key"]
    assert found.state == "fail"
    assert "second-key" not in str(found)


def test_a_replica_fails(server: Server) -> None:
    """A replica takes no writes: a failure."""
    with server.client() as client:
        client.replicaof("127.0.0.1", "1")
    assert "replica" in looked_at(server.url)["service.redis_url"].told


def grant(server: Server, *, without: str = "") -> str:
    """The address for a user with the rights that the documents name."""
    (line,) = [text for text in GUIDE.read_text().splitlines() if text.startswith("user tandem ")]
    rules = [rule.replace("PASSWORD", "word") for rule in line.split()[2:] if rule != without]
    with server.client() as client:
        client.execute_command("ACL", "SETUSER", "tandem", "reset", *rules)
    return f"unix://tandem:word@{server.socket}"


def test_the_rights_that_the_documents_name_are_enough(server: Server) -> None:
    """A Redis user made by the documents' line has no trouble."""
    assert looked_at(grant(server)) == {}


def test_a_user_who_may_not_ask_for_info_is_a_warning(server: Server) -> None:
    """The service does without INFO: what the doctor cannot see then is named, and nothing fails."""
    found = looked_at(grant(server, without="+info"))["service.redis_url"]
    assert (found.state, "INFO" in found.fix) == ("warn", True)


def test_a_user_without_scripts_fails(server: Server) -> None:
    """Without the right to run scripts nothing works."""
    assert looked_at(grant(server, without="+@scripting"))["service.redis_url"].state == "fail"


def test_no_redis_is_told_without_its_password(tmp_path: Path) -> None:
    """A Redis that is not there fails within the store's budget, and its password is not shown."""
    found = looked_at(f"redis://user:hunter2@127.0.0.1:{free_port()}/0")["service.redis_url"]
    assert found.state == "fail"
    assert "hunter2" not in str(found)

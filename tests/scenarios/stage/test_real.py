"""Plays on a real Redis and with several workers: they end as they do on fakeredis with one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator.scenarios.format import parse
from orchestrator.scenarios.stage import House, run
from orchestrator.scenarios.stage.real import UnusableError, reserve
from tests.scenarios.stage.plays import why, written
from tests.scenarios.stage.test_right import RIGHT as OF_PEOPLE
from tests.scenarios.stage.test_right_faults import RIGHT as OF_FAULTS
from tests.servers import Server, redis_server

RIGHT = {**OF_PEOPLE, **OF_FAULTS}
SHOWN = (
    "an answer that is given while the store is away",
    "a worker dies, another one answers",
    "a text of the second in which another was answered is found at the carrier, too",
    "an answer that the call does not wait for goes by text, behind the turn of its end",
    "keywords are the carrier's to answer",
    "calls of ours that fail",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Redis of the tests' own."""
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server


def played(name: str, house: House) -> str:
    """What is wrong with a right play in this house."""
    loaded = parse(written(*RIGHT[name]), "a.scenario.yaml")
    return why(run(loaded.plays[0], house=house))


@pytest.mark.parametrize("name", SHOWN)
def test_a_play_passes_on_a_real_redis_with_two_workers(name: str, server: Server) -> None:
    """What holds on fakeredis holds on a server, whose scripts two workers share."""
    assert played(name, House(server.url, workers=2)) == ""


@pytest.mark.system
@pytest.mark.parametrize("name", RIGHT)
def test_every_play_passes_with_three_workers(name: str, server: Server) -> None:
    """So do all."""
    assert played(name, House(server.url, workers=3)) == ""


def test_a_database_is_left_empty(server: Server) -> None:
    """What a play wrote is gone when it is over."""
    assert played("a worker dies, another one answers", House(server.url)) == ""

    assert server.client().dbsize() == 0


def test_a_database_in_use_is_left_alone(server: Server) -> None:
    """Plays throw away what they write, so that they take no database that holds something else."""
    server.client().set("theirs", "1")
    try:
        with pytest.raises(UnusableError, match="not empty"):
            reserve(server.url)
        assert server.client().get("theirs") == b"1"
    finally:
        server.client().delete("theirs")


def test_what_an_interrupted_play_left_is_thrown_away(server: Server) -> None:
    """A play that never ended marks what it left."""
    server.client().mset({"tandem:play": "1", "tandem:{0}:due": "left"})

    reserve(server.url)

    assert server.client().dbsize() == 0


def test_nobody_at_the_address_is_told(tmp_path: Path) -> None:
    """No server, or no address: the error says which."""
    with pytest.raises(UnusableError, match="does not answer"):
        reserve(f"unix://{tmp_path / 'none'}")
    with pytest.raises(UnusableError, match="not an address"):
        reserve("nowhere")

"""The requests of the HTTP page, asked one after the other of a service: each is answered as it is written."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest

from tests.docs.blocks import ROOT, read_blocks
from tests.docs.shapes import paths
from tests.fakes.world import API_TOKEN, BASE, World

pytestmark = pytest.mark.anyio
PAGE = "docs/reference/http.md"
EXCHANGE = re.compile(
    r"(?P<method>[A-Z]+) (?P<path>\S+)\n(?P<body>.*?)\n\n?(?P<status>\d{3})\n(?P<answer>.*)", re.DOTALL
)
FREE = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}|(?:CA|SM)[0-9a-f]{32}|\d{4}-\d\d-\d\dT[\d:.]+Z")
"""Ids and moments, which differ from play to play."""


def exchanges() -> list[re.Match[str]]:
    """Request and answer of each `http` block."""
    blocks = read_blocks((ROOT / PAGE).read_text(encoding="utf-8"), PAGE)
    found = [(block, EXCHANGE.fullmatch(block.text)) for block in blocks if block.kind == "http"]
    assert all(match for _, match in found), [block.place for block, match in found if not match]
    return [match for _, match in found if match]


def same(told: Any, given: Any) -> bool:
    """Whether two answers are alike, ids and moments aside."""
    return FREE.sub("*", json.dumps(told, sort_keys=True)) == FREE.sub("*", json.dumps(given, sort_keys=True))


async def test_the_page_is_answered_as_it_is_written() -> None:
    """Status and body of every exchange; SESSION stands for the session that was opened."""
    async with World() as world:
        transport = httpx.ASGITransport(world.service.app)
        headers = {"Authorization": f"Bearer {API_TOKEN}"}
        async with httpx.AsyncClient(transport=transport, base_url=BASE, headers=headers) as client:
            session = ""
            for told in exchanges():
                body = json.loads(told["body"]) if told["body"].strip() else None
                path = told["path"].replace("SESSION", session)
                answer = await client.request(told["method"], path, json=body)
                await world.idle()
                expected = json.loads(told["answer"])
                assert answer.status_code == int(told["status"]), (told["path"], answer.text)
                assert paths(answer.json()) == paths(expected), told["path"]
                assert same(answer.json(), expected), (told["path"], answer.text)
                session = answer.json().get("session_id", session)


def test_ids_and_moments_alone_may_differ() -> None:
    """A word that differs is noticed."""
    one = {"id": "01KAV4Q5SY8ZJ0Q4R7VB1D2C03", "at": "2026-01-01T10:00:00.000Z", "state": "ended"}
    other = {"id": "01KAV4Q5SYB3T9H6M5N8P2W4X7", "at": "2027-01-01T10:00:00.000Z", "state": "ended"}
    assert same(one, other)
    assert not same(one, {**other, "state": "text_only"})

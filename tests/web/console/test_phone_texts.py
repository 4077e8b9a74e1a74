"""Texts on the Phone page: pictures and addresses in them, why one did not arrive, who sends none."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.ports.simulation import (
    WITHHELD,
    CannotError,
    Person,
    PhoneLine,
)
from tests.web.console.desk import Browser, Parsed
from tests.web.console.simulation import LINE, PICTURE, FakeSimulation, post
from tests.web.house import ANA, Api, problem

pytestmark = pytest.mark.anyio


async def test_a_picture_is_kept_and_shown(browser: Browser, simulation: FakeSimulation) -> None:
    """What the carrier keeps is shown as the picture it is, which can do nothing opened by itself."""
    headers = {"X-CSRF-Token": await browser.csrf(), "Accept": "*/*", "Content-Type": "image/png"}
    answer = await browser.post("/phone/pictures", content=b"pixel", headers=headers)
    assert answer.json() == {"id": PICTURE}
    shown = await browser.get(f"/phone/pictures/{PICTURE}")
    assert (shown.content, shown.headers["content-type"]) == (b"pixel", "image/png")
    assert "sandbox" in shown.headers["content-security-policy"]
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert (await browser.get("/phone/pictures/MEnothing", headers={"Accept": "*/*"})).status_code == 404
    simulation.error = CannotError("That cannot be sent: no.")
    told = problem(
        await browser.post("/phone/pictures", content=b"words", headers=headers), 422, "no_picture"
    )
    assert told["detail"] == "That cannot be sent: no."
    problem(
        await browser.post("/phone/pictures", content=bytes(5_300_000), headers=headers), 413, "too_large"
    )


async def test_pictures_and_addresses_stand_beside_a_text(
    browser: Browser, simulation: FakeSimulation
) -> None:
    """The carrier's as pictures; others as links that leave nothing behind, and only where they are of the web."""
    sms: dict[str, Any] = LINE | {"lane": "sms"}
    simulation.seen = [
        PhoneLine(id="e1", text="", pictures=(PICTURE,), status="taken", **sms | {"who": "customer"}),
        PhoneLine(id="e2", text="map", media=("https://m.test/a/map.png", "javascript:alert(1)"), **sms),
    ]
    page = Parsed((await browser.get(f"/phone?number=%2B{ANA[1:]}")).text)
    assert page.all("img")[0]["src"] == f"/console/phone/pictures/{PICTURE}"
    (link,) = page.all("a", href="https://m.test/a/map.png")
    assert link["rel"] == "noopener noreferrer"
    assert {"map.png", "javascript:alert(1)", "delivered"} <= set(page.words)
    assert not [found for found in page.all("a") if str(found.get("href")).startswith("javascript")]


async def test_why_a_text_did_not_arrive_is_told(browser: Browser, simulation: FakeSimulation) -> None:
    """The code in words, and what the text said."""
    simulation.seen = [
        PhoneLine(
            id="e1",
            text="a text was refused at once: 21614",
            code=21614,
            about="Hello",
            **LINE | {"lane": "sms", "who": "trouble"},
        )
    ]
    words = Parsed((await browser.get(f"/phone?number=%2B{ANA[1:]}")).text).words
    assert {"a text was refused at once: 21614", "not a mobile number", "Hello"} <= set(words)


async def test_a_withheld_number_calls_and_sends_no_texts(
    browser: Browser, simulation: FakeSimulation, api: Api
) -> None:
    """Its session is the call's; its handset has no number, and nothing to write with."""
    assert (await post(browser, "people", number=WITHHELD)).json()["number"] == WITHHELD
    assert simulation.known[-1] == Person(WITHHELD, "Withheld")
    assert (await post(browser, "acts", number=WITHHELD, action="call")).status_code == 200
    told = problem(await post(browser, "acts", number=WITHHELD, action="text", body="x"), 409, "cannot")
    assert told["detail"] == "Who withholds the number sends no texts."
    text = (await browser.get(f"/phone?number={WITHHELD}")).text
    assert "number withheld" in text
    assert all("disabled" in found for found in Parsed(text).all("textarea", name="body"))

"""From outside: what was sent while the service was down is answered after its return, each text once."""

from __future__ import annotations

import time
from email.utils import formatdate
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.blackbox.driver import NUMBER, SID, Bot, Carrier, Service, until
from tests.servers import free_port, redis_server

pytestmark = pytest.mark.timeout(60)

WITHIN = 8.0  # seconds after the service is up


class Listing(Carrier):
    """A carrier that lists what came in, two a page, newest first, and keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.inbound: list[dict[str, Any]] = []
        self.asked: list[dict[str, list[str]]] = []

    def receives(self, sid: str, sender: str, body: str, seconds_ago: float, media: int = 0) -> None:
        """A text reaches the carrier, and no further."""
        at = formatdate(time.time() - seconds_ago, localtime=False)
        text = {"sid": sid, "from": sender, "to": NUMBER, "body": body, "direction": "inbound"}
        self.inbound.insert(0, {**text, "status": "received", "num_media": str(media), "date_created": at})

    def _handle(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        address = urlsplit(path)
        if method == "GET" and address.path.endswith("/Media.json"):
            sid = address.path.split("/")[-2]
            uri = f"/2010-04-01/Accounts/{SID}/Messages/{sid}/Media/ME1.json"
            return 200, {"media_list": [{"sid": "ME1", "content_type": "image/jpeg", "uri": uri}]}
        query = parse_qs(address.query)
        if method == "GET" and address.path.endswith("/Messages.json") and query.get("To") == [NUMBER]:
            self.asked.append(query)
            number = int(query.get("Page", ["0"])[0])
            start = number * 2
            more = len(self.inbound) > start + 2
            following = f"{address.path}?To=%2B{NUMBER[1:]}&Page={number + 1}&PageSize=2"
            page = self.inbound[start : start + 2]
            return 200, {"messages": page, "next_page_uri": following if more else None}
        return super()._handle(method, path, headers, body)


def test_texts_of_the_time_away_are_answered_once(tmp_path: Path) -> None:
    """Down for a minute, with five texts of two customers and a picture meanwhile, one of them taken before:
    each is answered in order after the return, once, and marked late on the timeline.
    """
    bot, carrier = Bot(), Listing()
    ana, bea = "+15550100001", "+15550100002"
    with redis_server(tmp_path / "redis", port=free_port()) as server:
        for folder in ("one", "two"):
            (tmp_path / folder).mkdir()
        service = Service(tmp_path / "one", bot, carrier, redis_url=server.url)
        bot.answers = [[{"response_type": "text", "text": "Hello."}]]
        service.text("known", sid="SM" + "0" * 32, sender=ana)
        until(lambda: len(carrier.messages) == 1)  # so that the turn is over: what is cut off is asked again
        service.process.kill()
        service.process.wait()
        service.log.close()
        carrier.receives("SM" + "0" * 32, ana, "known", 70)
        for number, sender in enumerate((ana, bea, ana, bea), start=1):
            carrier.receives(f"SM{number:032x}", sender, f"text {number}", 60 - number)
        carrier.receives("MM" + "5" * 32, ana, "", 20, media=1)
        service = Service(tmp_path / "two", bot, carrier, redis_url=server.url)
        try:
            until(lambda: len(bot.turns) == 6, WITHIN)
            said = {
                who: [t for t in bot.turns[1:] if t["customer"]["phone_number"] == who] for who in (ana, bea)
            }
            assert [t["input"]["text"] for t in said[ana]] == ["text 1", "text 3", ""]
            assert [t["input"]["text"] for t in said[bea]] == ["text 2", "text 4"]
            (picture,) = said[ana][-1]["input"]["media"]
            assert picture["content_type"] == "image/jpeg"
            assert picture["url"].endswith(f"/Messages/MM{'5' * 32}/Media/ME1")
            assert all("DateSent>" in asked or "Page" in asked for asked in carrier.asked)
            service.text("text 4", sid=f"SM{4:032x}", sender=bea)  # the carrier's own repeat
            session = service.api("GET", "/sessions", params={"q": bea}).json()["sessions"][0]
            lines = service.api("GET", f"/sessions/{session['id']}/events").json()["events"]
            assert [line["data"]["late"] for line in lines if line["type"] == "text_received"] == [True, True]
            assert len(bot.turns) == 6
        finally:
            service.close()
            bot.server.close()
            carrier.server.close()

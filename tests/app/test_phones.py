"""The console's phones: what they do goes through the carrier, and what they see is told in order."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from orchestrator.app import Service
from orchestrator.app.phones import MOST_PEOPLE, PEOPLE, Phones
from orchestrator.cli.demo import ANA
from orchestrator.ports.simulation import WITHHELD, CannotError, Person
from tests.app.simulated import served_demo

pytestmark = pytest.mark.anyio
OURS = "+19585550123"
TOKEN = "token"


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    """The demo's service, really served."""
    async with served_demo() as made:
        yield made


def phones(service: Service) -> Phones:
    """Of the service."""
    assert service.phones is not None
    return service.phones


async def asked(service: Service) -> None:
    """Ana has the floor."""
    assert service.carrier is not None
    await service.carrier.handset(ANA).is_asked()


async def test_what_a_phone_sees_is_told_in_order(service: Service) -> None:
    """Both lanes of a call that goes on by text, with who said what."""
    one = phones(service)
    await one.act(ANA, "call", {"to": OURS})
    await asked(service)
    standing = one.standing(ANA)
    assert (standing.is_calling, standing.is_listened_to) == (True, True)
    assert standing.since is not None
    await one.act(ANA, "say", {"words": "where is your shop"})
    await asked(service)
    await one.act(ANA, "hang_up", {})
    assert not one.standing(ANA).is_calling
    await one.act(ANA, "text", {"to": OURS, "body": "thanks"})
    lines = one.lines(ANA)
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    spoken = [(line.who, line.text) for line in lines if line.lane == "voice"]
    assert spoken[:3] == [("note", "calling"), ("note", "call is up"), ("bot", "Welcome.")]
    assert ("customer", "where is your shop") in spoken
    assert ("note", "call over") in spoken
    texts = [(line.who, line.text.split(",")[0]) for line in lines if line.lane == "sms"]
    assert ("bot", "The corner shop") in texts
    assert ("customer", "thanks") in texts
    assert len({line.id for line in lines}) == len(lines)


@pytest.mark.parametrize("code", [30005, 21614])
async def test_the_next_text_fails_with_the_code(service: Service, code: int) -> None:
    """One that the carrier took and lost, and one that it refused at once, are told where the phone would have had
    them, with their words. The choice is used up.
    """
    one = phones(service)
    one.fail_next(21610)
    one.fail_next(code)
    assert one.failing == code
    await one.act(ANA, "call", {"to": OURS})
    await asked(service)
    await one.act(ANA, "say", {"words": "where is your shop"})
    assert service.carrier is not None
    await service.carrier.handset(ANA).hears("I could not send you that text.")
    assert one.failing == 0
    (lost,) = [line for line in one.lines(ANA) if line.who == "trouble"]
    how = "did not arrive" if code >= 30_000 else "was refused at once"
    assert (lost.text, lost.code) == (f"a text {how}: {code}", code)
    assert lost.about.startswith("The corner shop")


async def test_pictures_go_with_a_text(service: Service) -> None:
    """The assistant gets their addresses, which the API gives it; what is no picture is refused in words."""
    one = phones(service)
    kept = one.keep_picture(b"\x89PNG\r\n\x1a\n and more")
    await one.act(ANA, "text", {"to": OURS, "body": "look", "pictures": [kept]})
    (line,) = [line for line in one.lines(ANA) if line.who == "customer"]
    assert (line.text, line.pictures, line.media, line.status) == ("look", (kept,), (), "taken")
    shown = one.picture(kept)
    assert shown is not None
    assert shown.content_type == "image/png"
    assert service.carrier is not None
    (address,) = service.carrier.messages[0].media
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        url = service.settings.service.public_url
        answer = await client.get(f"{url}/api/v1/media", params={"assistant": "support", "url": address})
    assert (answer.status_code, answer.content) == (200, shown.data)
    for unfit in (b"words", b""):
        with pytest.raises(CannotError, match="That cannot be sent: a picture is"):
            one.keep_picture(unfit)
    with pytest.raises(CannotError, match="not kept any more"):
        await one.act(ANA, "text", {"to": OURS, "body": "", "pictures": [f"ME{0:032x}"]})


async def test_how_a_late_text_fares_is_told_step_by_step(service: Service) -> None:
    """Queued, sent and delivered by the clock that moves."""
    one = phones(service)
    one.delay_next(30)
    assert one.delaying == 30
    await one.act(ANA, "text", {"to": OURS, "body": "where is your shop"})
    assert service.carrier is not None
    await service.carrier.handset(ANA).receives("The corner shop")
    assert one.delaying == 0

    def status() -> str:
        return next(line.status for line in one.lines(ANA) if line.who == "bot")

    seen = [status()]
    for _ in range(2):
        await one.advance(31)
        seen.append(status())
    assert seen == ["queued", "sent", "delivered"]


async def test_a_withheld_number_has_its_own_call(service: Service) -> None:
    """It is somebody once it has called, and each call of it has its own session."""
    one = phones(service)
    await one.act(WITHHELD, "call", {"to": OURS})
    assert service.carrier is not None
    await service.carrier.handset(WITHHELD).is_asked()
    assert Person(WITHHELD, "") in one.people()
    first = one.standing(WITHHELD).call_sid
    await one.act(WITHHELD, "hang_up", {})
    await one.act(WITHHELD, "call", {"to": OURS})
    assert one.standing(WITHHELD).call_sid not in {"", first}
    await one.act(WITHHELD, "hang_up", {})


async def test_what_cannot_be_done_is_told_without_content(service: Service) -> None:
    """In words for people, without the account that a test gets."""
    one = phones(service)
    with pytest.raises(CannotError, match=r"^The phone is in no call\.$"):
        await one.act(ANA, "hang_up", {})
    with pytest.raises(CannotError, match="No such keys"):
        await one.act(ANA, "press", {"keys": "x"})
    one.fail_next(0)
    assert one.failing == 0


async def test_people_are_those_of_the_page_and_whoever_used_a_phone(service: Service) -> None:
    """Not we ourselves; a new name stands for the same number; there is an end."""
    one = phones(service)
    assert [person.name for person in one.people()] == [person.name for person in PEOPLE]
    assert service.carrier is not None
    phone = service.carrier.handset("+15550998877")
    await phone.call(OURS)
    assert one.people()[-1] == Person("+15550998877", "")
    await phone.is_asked()
    await phone.hang_up()
    one.add(Person(ANA, "Anna"))
    assert one.people()[0] == Person(ANA, "Anna")
    for place in range(MOST_PEOPLE - len(PEOPLE)):
        one.add(Person(f"+1555020{place:04d}", "one more"))
    with pytest.raises(CannotError):
        one.add(Person("+15550219999", "one too many"))
    assert OURS not in {person.number for person in one.people()}


async def test_time_that_is_not_ours_is_not_moved(service: Service) -> None:
    """Without a mover there is nothing to move."""
    assert service.carrier is not None
    other = Phones(service.carrier, phones(service).far_sides())
    assert not other.can_move
    with pytest.raises(CannotError, match="memory://"):
        await other.advance(30)

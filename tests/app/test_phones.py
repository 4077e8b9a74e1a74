"""The console's phones: what they do goes through the carrier, and what they see is told in order."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from orchestrator.app import Service
from orchestrator.app.phones import MOST_PEOPLE, PEOPLE, Phones
from orchestrator.cli.demo import ANA
from orchestrator.ports.simulation import CannotError, Person
from tests.app.simulated import served_demo

pytestmark = pytest.mark.anyio
OURS = "+19585550123"


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
    """A text that the carrier took and lost is told where the phone would have had it; one that it refused
    never was. The choice is used up.
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
    lost = [line.text for line in one.lines(ANA) if line.who == "trouble"]
    assert lost == ([f"a text did not arrive: {code}"] if code >= 30_000 else [])


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
    await service.carrier.handset("+15550998877").call(OURS)
    assert one.people()[-1] == Person("+15550998877", "")
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

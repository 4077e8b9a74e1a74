"""How things stand before the first line: what people said of texts, a context, a session to start from."""

from __future__ import annotations

from dataclasses import replace

from orchestrator.core.ids import session_id, with_partition
from orchestrator.core.session import Session, to_document
from orchestrator.ports import Commit, Grant, Inboxed
from orchestrator.scenarios.stage.operators import open_by_us
from orchestrator.scenarios.stage.scene import Scene

GREETING = "Hello."
"""The text by which a session that a play starts from was opened."""


async def set_up(scene: Scene) -> None:
    """Make it so; nothing of it counts as an effect."""
    given, people = scene.play.given, scene.play.people
    if given.consent == "opted_out":
        for number in people.values():
            await scene.api("PUT", f"/opt-outs/{number}", assistant=scene.staged.name)
    first = next(iter(people.values()), "")
    if given.session and first:
        await open_by_us(scene, "messages", {"text": GREETING, "context": dict(given.context)})
    elif given.context:
        for number in people.values():
            await _remember(scene, number)
    await scene.settle()
    for effect in scene.ledger.effects:
        effect.mentioned = True


async def _remember(scene: Scene, number: str) -> None:
    """What is known of a person before any session."""
    store, name = scene.staged.service.store, scene.staged.name
    address = store.address(name, number)
    session = Session(
        id=with_partition(session_id(scene.clock.now(), name, number, "given"), address.partition),
        assistant=name,
        customer=number,
        context=dict(scene.play.given.context),
    )

    async def write() -> None:
        grant = await store.accept(address, Inboxed("given", "{}"), "given")
        if isinstance(grant, Grant):
            known = replace(session, consent=grant.consent)
            await store.commit(grant, grant.version, Commit(document=to_document(known), consumed=1))

    await scene.do(write())

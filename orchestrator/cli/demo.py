"""`tandem demo`: one conversation over call and text, through the built-in carrier, before your eyes.

Everything is real but the carrier: HTTP over loopback, signed webhooks, the state machine, the store's
scripts on the embedded store, the scripted assistant.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import sys
from pathlib import Path
from typing import Annotated

import typer

from channels.simulator.app import Simulator
from channels.simulator.handset import Handset
from channels.simulator.records import Observation
from config import parse
from config.sample import sample
from orchestrator.app import Service, build_app, logs
from orchestrator.cli.lanes import Lanes
from orchestrator.cli.past import past_in
from orchestrator.cli.running import check_port, free_port, serving
from orchestrator.core.session import Word, from_document
from orchestrator.core.states import joint_state
from orchestrator.scenarios.stage import Configuration

ANA = "+15550101234"
BREATH = 0.3
"""Seconds between two acts of the play."""
ALL_LANES = {
    "heard": ("voice", "bot"),
    "said": ("voice", "Ana"),
    "received": ("sms", "bot"),
    "texted": ("sms", "Ana"),
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(
    port: Annotated[int, typer.Option(min=0, max=65_535, help="The port to serve on; 0 is a free one.")] = 0,
) -> None:
    """Play a linked conversation, then keep the service up until Ctrl-C (without a terminal: end)."""
    logs.configure(level=logging.WARNING)
    port = port or free_port()
    check_port("127.0.0.1", port)
    try:
        raise typer.Exit(asyncio.run(play(port, stay=sys.stdin.isatty())))
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


async def play(port: int, *, stay: bool) -> int:
    """Serve, play, and stay up if there is someone to look; the exit code."""
    token = secrets.token_urlsafe(12)
    service = demo_service(port, token)
    async with serving(service, "127.0.0.1", port):
        carrier = service.carrier
        assert carrier is not None  # noqa: S101 - the demo's configuration uses the simulator
        faults = await Conversation(service, carrier, Lanes()).play()
        if stay and not faults:
            url = service.settings.service.public_url
            print(f"\nPlay a customer in the browser: {url}/console/phone")
            print(f"The console is at {url}/console/ (API token: {token}). Ctrl-C ends the service.")
            print(f"Join in: TANDEM_API_TOKEN={token} tandem call --url {url}", flush=True)
            await asyncio.Event().wait()
    return 1 if faults else 0


def demo_service(port: int, token: str) -> Service:
    """The sample configuration for the simulator, on this port."""
    text = sample("simulator.yaml").replace("127.0.0.1:8080", f"127.0.0.1:{port}")
    served = Configuration(text, "simulator.yaml", {"TANDEM_API_TOKEN": token})
    settings = parse(text, name=served.name, environ=dict(served.environ or {}))
    return build_app(settings, folder=Path.cwd(), open_to_loopback=True, past=past_in(served))


class Conversation:
    """Ana calls, is asked for a text, replies, hears the answer, hangs up, and goes on by text."""

    def __init__(self, service: Service, carrier: Simulator, lanes: Lanes) -> None:
        self._service = service
        self._carrier = carrier
        self._lanes = lanes
        self._number = next(iter(service.settings.assistants.values())).phone.numbers[0]  # type: ignore[union-attr]  # the sample has a phone
        self._began = service.clock.now()
        self._seen: list[Observation] = []

    async def play(self) -> list[str]:
        """Play it; what the carrier would have refused."""
        lanes, ana = self._lanes, self._carrier.handset(ANA)
        self._carrier.observe(self._show)
        lanes.head()
        await ana.call(self._number)
        await ana.is_asked()
        await self._acts(ana)
        lanes.say()
        session = await self._state()
        lanes.say(
            f"The session ends this play as {session}: one conversation, a call and {len(ana.texts)} texts."
        )
        for fault in self._carrier.faults:
            lanes.say(f"The carrier would have refused: {fault}")
        return list(self._carrier.faults)

    async def _acts(self, ana: Handset) -> None:
        """What Ana does, each time after she has heard or read what came before."""
        await self._breath()
        await ana.say("I moved house")
        await ana.receives("address")
        await ana.is_asked()
        await self._breath()
        await ana.text("12 Main St, Apt 4, Springfield", to=self._number)
        await ana.hears("12 Main")
        await ana.is_asked()
        await self._breath()
        await ana.say("yes")
        await ana.hears("noted")
        await ana.is_asked()
        await self._breath()
        await ana.hang_up()
        await self._until("text_only")
        await self._breath()
        await ana.text("Where is your shop?", to=self._number)
        await ana.receives("Elm Road")
        await self._breath()

    async def _breath(self) -> None:
        """A moment between two acts, so that the lines can be read as they come."""
        await asyncio.sleep(BREATH)
        await self._print()

    async def _until(self, word: Word) -> None:
        async with asyncio.timeout(10):
            while await self._state() != word:  # noqa: ASYNC110 - the store tells nobody
                await asyncio.sleep(0.02)

    async def _state(self) -> str:
        assistant = next(iter(self._service.settings.assistants))
        document = await self._service.store.document(self._service.store.address(assistant, ANA))
        return joint_state(from_document(document)) if document else "idle"

    async def _show(self, seen: Observation) -> None:
        """Keep what happened; it is printed with the state that it led to."""
        if seen.number == ANA and (seen.kind in ALL_LANES or seen.kind in {"call_started", "call_ended"}):
            self._seen.append(seen)

    async def _print(self) -> None:
        """Print what happened since the last time, and the state now."""
        state, seen, self._seen = await self._state(), self._seen, []
        for place, what in enumerate(seen):
            lane, who = ALL_LANES.get(what.kind, ("voice", ""))
            words = str(what.data.get("text") or f"-- {what.kind.replace('_', ' ')} --")
            self._lanes.line(what.at - self._began, lane, who, words, state if place == len(seen) - 1 else "")

"""A service with ten thousand live sessions, in a process of its own: `python -m tests.browser.crowd PORT`.

`POST /crowd/stir?seconds=5&rate=200` writes that many lines a second, on sessions all over the list, as
conversations do.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from pathlib import Path

import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from config import parse
from config.sample import sample
from orchestrator.app import Service, build_app
from orchestrator.core.effects import Note
from orchestrator.core.ids import stable_id, with_partition
from orchestrator.core.numbers import E164
from orchestrator.core.session import Call, CallState, Session, Thread, ThreadState
from orchestrator.core.states import joint_state
from orchestrator.ports import Behind
from orchestrator.runner.views import summary, timeline_line

SESSIONS = 10_000
OURS = "+19585550123"
TOKEN = "the-api-token"
KINDS: tuple[tuple[CallState, ThreadState], ...] = (
    ("listening", "none"),
    ("listening", "awaiting_reply"),
    ("listening", "open"),
    ("ended", "open"),
)


class Crowd:
    """Sessions that are written as the runner writes them behind its commits."""

    def __init__(self, service: Service) -> None:
        self._store = service.store
        self._sessions: list[Session] = []
        self._dice = random.Random(7)  # noqa: S311 - the same crowd in every run
        self._lines = 0

    async def gather(self) -> None:
        """All of them, a moment apart."""
        now = time.time()
        for place in range(SESSIONS):
            number = E164(f"+1555{2_000_000 + place}")
            address = self._store.address("support", number)
            at = now - (SESSIONS - place) * 0.01
            name = with_partition(stable_id(at, "support", number), address.partition)
            call_state, thread_state = KINDS[place % len(KINDS)]
            session = Session(
                id=name,
                assistant="support",
                customer=number,
                opened_at=at,
                last_event_at=at,
                call=Call(call_sid=f"CA{place:032x}", number=OURS, started_at=at),
                call_state=call_state,
                thread=Thread(number=OURS),
                thread_state=thread_state,
            )
            self._sessions.append(session)
            await self._write(session, at)

    async def stir(self, seconds: float, rate: int) -> int:
        """Things happen; how many."""
        began, done = time.monotonic(), 0
        while (gone := time.monotonic() - began) < seconds:
            for _ in range(int(gone * rate) - done):
                await self._write(self._dice.choice(self._sessions), time.time())
                done += 1
            await asyncio.sleep(0.01)
        return done

    async def _write(self, session: Session, at: float) -> None:
        self._lines += 1
        word = joint_state(session)
        note = Note(type="speech_heard", channel="voice", data={"pii.text": f"words {self._lines}"})
        line = json.dumps(timeline_line(note, f"{self._lines}.0", at, word, word))
        address = self._store.address(session.assistant, str(session.customer))
        shown = json.dumps(summary(session, ("send_text", "end")))
        await self._store.write_behind(address, Behind(session.id, shown, word, score=at, lines=(line,)))


async def main(port: int) -> None:
    """Serve them."""
    text = sample("simulator.yaml").replace("127.0.0.1:8080", f"127.0.0.1:{port}")
    settings = parse(text, name="simulator.yaml", environ={"TANDEM_API_TOKEN": TOKEN})
    service = build_app(settings, folder=Path.cwd())
    crowd = Crowd(service)

    async def stir(request: Request) -> Response:
        """Answers when it is over."""
        query = request.query_params
        done = await crowd.stir(float(query["seconds"]), int(query["rate"]))
        return JSONResponse({"done": done})

    await service.store.start()
    await crowd.gather()
    service.app.router.routes.insert(0, Route("/crowd/stir", stir, methods=["POST"]))
    config = uvicorn.Config(service.app, host="127.0.0.1", port=port, log_level="warning", access_log=False)
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))

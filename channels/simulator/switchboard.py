"""Calls: how they begin, ring, are taken elsewhere, and end, with their status callbacks."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from channels.simulator import forms
from channels.simulator.errors import RefusedError
from channels.simulator.floor import Floor
from channels.simulator.joining import Joining
from channels.simulator.live import Connected, Fetch, LiveCall, Source
from channels.simulator.player import Player
from channels.simulator.records import Call
from channels.simulator.webhooks import Hook, Webhooks
from channels.simulator.world import World

_EVENT_OF = {"queued": "initiated", "ringing": "ringing", "in-progress": "answered"}


class Switchboard:
    """Every call of the simulator. `live` holds those that have not ended, by id."""

    def __init__(self, world: World, webhooks: Webhooks, seconds_per_word: float = 0.0) -> None:
        self._world = world
        self._webhooks = webhooks
        self._seconds_per_word = seconds_per_word
        self.live: dict[str, LiveCall] = {}
        self.connected: Connected | None = None

    # Beginnings ---------------------------------------------------------------------------------
    def incoming(self, caller: str, to: str) -> LiveCall:
        """A phone calls one of our numbers: its document is fetched at once."""
        number = self._world.numbers.get(to)
        call = self.new_call(caller, to, direction="inbound", status="ringing")
        live = self._up(call)
        if number is None or not number.voice_url or not number.capabilities.get("voice"):
            self._world.fault("11100 a call came to a number without a voice URL", call_sid=call.sid)
            self.finish(live, "failed")
            return live
        call.number_sid = number.sid
        call.fallback_url, call.fallback_method = number.voice_fallback_url, number.voice_fallback_method
        call.status_callback, call.status_callback_method = (
            number.status_callback,
            number.status_callback_method,
        )
        self._play(live, Fetch(number.voice_url, number.voice_method))
        return live

    def place(self, call: Call, source: Source) -> None:
        """The API calls a phone: it rings, and `source` is played once it is picked up."""
        live = self._up(call)
        live.task = self._world.spawn(self._dial_out(live, source))

    def new_call(self, caller: str, to: str, *, direction: str, status: str, parent_sid: str = "") -> Call:
        """A call on record."""
        now = self._world.clock.now()
        call = Call(self._world.sid("CA"), caller, to, direction, status, now, now, parent_sid=parent_sid)
        self._world.calls.append(call)
        return call

    def _up(self, call: Call) -> LiveCall:
        live = LiveCall(call, over=asyncio.Event())
        self.live[call.sid] = live
        self._world.phone(call.customer).calls.append(call)
        self._world.emit(
            "call_started", number=call.customer, call_sid=call.sid, direction=call.direction, to=call.to
        )
        return live

    async def _dial_out(self, live: LiveCall, source: Source) -> None:
        await self._report(live)
        live.call.status = "ringing"
        await self._report(live)
        picked_up = await self.ring(live, live.call.ring_seconds)
        if picked_up != "in-progress":
            self.finish(live, picked_up)
            return
        await self._report(live)
        await self._run(live, source)

    async def ring(self, live: LiveCall, seconds: float) -> str:
        """Ring the phone of `live`: `in-progress`, `busy` (declined) or `no-answer`."""
        call, phone = live.call, self._world.phone(live.call.to)
        live.picked_up = asyncio.get_running_loop().create_future()
        phone.ringing.append(call.sid)
        self._world.emit("ringing", number=call.to, call_sid=call.sid)
        if phone.answers is not None:
            live.picked_up.set_result(phone.answers)
        limit = asyncio.ensure_future(self._world.clock.sleep(seconds))
        try:
            waiting: set[asyncio.Future[Any]] = {live.picked_up, limit}
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            limit.cancel()
            phone.ringing.remove(call.sid)
        picked_up = live.picked_up.result() if live.picked_up.done() else None
        if not picked_up:
            return "no-answer" if picked_up is None else "busy"
        if call.machine_detection:
            at_beep = call.machine_detection == "DetectMessageEnd"
            machine = "machine_end_beep" if at_beep else "machine_start"
            call.answered_by = machine if phone.is_machine else "human"
        call.status, call.started_at = "in-progress", self._world.clock.now()
        self._world.emit("call_answered", number=call.to, call_sid=call.sid)
        return "in-progress"

    # Middles ------------------------------------------------------------------------------------
    def _play(self, live: LiveCall, source: Source) -> None:
        live.task = self._world.spawn(self._run(live, source))

    async def _run(self, live: LiveCall, source: Source) -> None:
        joining = Joining(self._world, live, self)
        player = Player(self._world, self._webhooks, live, joining.verbs, self._seconds_per_word)
        status = "failed"
        try:
            status = await player.play(source)
        except asyncio.CancelledError:
            return  # taken elsewhere or ended: whoever did it sees to the rest
        except Exception as error:  # noqa: BLE001 - a call that dies of our own mistake is told, not hung
            self._world.fault(f"the simulator itself failed: {error!r}", call_sid=live.call.sid)
        self.finish(live, status)

    async def hear(self, live: LiveCall, source: Source) -> None:
        """Play a document to a phone that was dialled, before it is connected."""
        player = Player(self._world, self._webhooks, live, {}, self._seconds_per_word)
        await player.play(source)

    def redirect(self, sid: str, source: Source) -> Call:
        """Interrupt whatever the call plays and play `source`; 21220 unless it is in progress."""
        live = self._in_progress(sid)
        _stop(live)
        live.call.updated_at = self._world.clock.now()
        self._play(live, source)
        return live.call

    def end(self, sid: str, status: str) -> Call:
        """End a call by the API: `completed` in any state, `canceled` before it is answered only."""
        live = self._in_progress(sid, also_before=True)
        if status == "canceled" and live.call.status == "in-progress":
            raise RefusedError(21220)
        answered = live.call.status == "in-progress"
        self.finish(live, "completed" if answered else "canceled")
        return live.call

    def _in_progress(self, sid: str, *, also_before: bool = False) -> LiveCall:
        if self._world.call(sid) is None:
            raise RefusedError(20404)
        live = self.live.get(sid)
        if live is None or (live.call.status != "in-progress" and not also_before):
            raise RefusedError(21220)
        return live

    async def overhear(self, live: LiveCall, floor: Floor, words: str) -> None:
        """What the caller is just saying, where the open Gather, or the socket, asks for it."""
        floor.overhear(words)
        if not floor.partial_url:
            return
        fetch = Fetch(
            floor.partial_url, floor.partial_method, tuple(forms.partial(words, floor.partials).items())
        )
        floor.partials += 1
        await self._webhooks.tell(self._hook("voice-partial", live.call, fetch))

    # Ends ---------------------------------------------------------------------------------------
    def hang_up(self, live: LiveCall, *, quietly: bool = False) -> None:
        """The phone's own end of the call. `quietly` requests nothing but the status callback."""
        answered = live.call.status == "in-progress"
        farewell = live.farewell
        self.finish(live, "completed" if answered else "no-answer")
        if farewell is not None and not quietly:
            self._world.spawn(self._webhooks.tell(self._hook("voice", live.call, farewell)))

    def finish(self, live: LiveCall, status: str) -> None:
        """End a call, once."""
        if self.live.pop(live.call.sid, None) is None:
            return
        call = live.call
        call.status = status
        call.ended_at = call.updated_at = self._world.clock.now()
        _stop(live)
        if live.over is not None:
            live.over.set()
        self._world.emit("call_ended", number=call.customer, call_sid=call.sid, status=status)
        self._world.spawn(self._report(live))

    async def _report(self, live: LiveCall) -> None:
        """The status callback of the call's present status, if it was asked for."""
        call = live.call
        event = _EVENT_OF.get(call.status, "completed")
        if not call.status_callback or event not in call.status_events:
            return
        form = forms.call_status(self._world.account_sid, call, self._world.clock.now())
        call.sequence += 1
        await self._webhooks.tell(
            Hook(
                "voice-status",
                call.status_callback,
                call.status_callback_method,
                form,
                call.customer,
                call.sid,
            )
        )

    def _hook(self, kind: str, call: Call, fetch: Fetch) -> Hook:
        form: Mapping[str, str] = forms.voice(self._world.account_sid, call) | dict(fetch.extra)
        return Hook(kind, fetch.url, fetch.method, form, call.customer, call.sid)


def _stop(live: LiveCall) -> None:
    """Whatever the call is doing ends; a Gather's action is then not requested."""
    live.floor = live.farewell = None
    if live.task is not None and live.task is not asyncio.current_task():
        live.task.cancel()
    live.task = None

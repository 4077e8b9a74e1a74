"""An assistant whose answers are timed, tries included, for the figures."""

from __future__ import annotations

from orchestrator.core.effects import AskAssistant
from orchestrator.core.errors import AssistantError
from orchestrator.core.events import AssistantReplied
from orchestrator.ports import Assistant, Clock, Observer
from orchestrator.ports.world import Heard


class ObservedAssistant:
    """`orchestrator.ports.Assistant` around another one."""

    def __init__(self, inner: Assistant, name: str, observer: Observer, clock: Clock) -> None:
        self._inner = inner
        self._name = name
        self._observer = observer
        self._clock = clock

    async def ask(self, ask: AskAssistant, heard: Heard | None = None) -> AssistantReplied:
        """Ask, and tell how it ended and after how many seconds."""
        began, outcome = self._clock.now(), "given_up"
        try:
            reply = await self._inner.ask(ask, heard)
            outcome = "ok"
            for kind, count in reply.usage.items():
                self._observer.tokens(self._name, kind, count)
        except AssistantError as error:
            outcome = word_of(error.reason)
            raise
        except Exception:
            outcome = "broken"
            raise
        finally:
            self._observer.asked(self._name, outcome, self._clock.now() - began)
        return reply

    async def close(self) -> None:
        """Close the one inside."""
        await self._inner.close()


def word_of(reason: str) -> str:
    """A reason as a label: an HTTP status counts by its class, so that the labels stay few."""
    return f"{reason[:-2]}xx" if reason.startswith("status_") else reason

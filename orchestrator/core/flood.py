"""How many texts of one customer are taken in a while: what also ends two machines that answer each other.

Every text that comes in counts, those turned away too: a sender that goes on is heard again only once it
has paused, and one that gets no more answers falls silent by itself.
"""

from __future__ import annotations

from orchestrator.core.session import Session
from orchestrator.core.settings import MessagingRules


def is_flood(session: Session, messaging: MessagingRules | None, now: float) -> bool:
    """Whether a text that comes now is one too many: `max_texts` came within `max_texts_window` before it."""
    if messaging is None or not messaging.max_texts:
        return False
    return len(_within(session.texts_in, messaging, now)) >= messaging.max_texts


def counted(session: Session, messaging: MessagingRules | None, now: float) -> tuple[int, ...]:
    """The moments of texts to remember, one that comes now the last: whole seconds, no more than count."""
    if messaging is None or not messaging.max_texts:
        return (int(now),)
    return (*_within(session.texts_in, messaging, now), int(now))[-messaging.max_texts :]


def _within(moments: tuple[int, ...], messaging: MessagingRules, now: float) -> tuple[int, ...]:
    return tuple(at for at in moments if at > now - messaging.max_texts_window)

"""What couples the machines: rules over the joint state, run after the rows of an event.

Each rule is a condition and what it brings about; they run in order, once, and are idempotent.
"""

from __future__ import annotations

from collections.abc import Callable

from orchestrator.core.events import TextReceived
from orchestrator.core.flood import counted, is_flood
from orchestrator.core.meanwhile import tell_desk
from orchestrator.core.policy import refuses_from_now_on
from orchestrator.core.rules import take
from orchestrator.core.session import OPEN_THREAD, TALKING
from orchestrator.core.states import is_open, joint_state
from orchestrator.core.step import Step
from orchestrator.core.steps import questions, watching

Rule = tuple[str, Callable[[Step], bool], Callable[[Step], None]]


def _thread_is_idle_behind_a_call(step: Step) -> bool:
    over = step.call == "ended" and step.session.turn is None and not step.session.thread.held
    return over and step.thread in OPEN_THREAD and not _can_go_on(step)


def _can_go_on(step: Step) -> bool:
    """Texts of the customer go to the session that owns the number: none reaches one beside it."""
    closed = step.session.closed_by_assistant or step.session.beside
    return not (closed or refuses_from_now_on(step.current, step.rules, step.now))


def _close_thread(step: Step) -> None:
    take(step, "thread_closed")


def _closed_under_a_call(step: Step) -> bool:
    return step.session.closed_by_assistant and step.thread in OPEN_THREAD


def _opted_out_with_a_thread(step: Step) -> bool:
    return step.consent == "opted_out" and step.thread in OPEN_THREAD


def _moved_in_a_call(step: Step) -> bool:
    moved = step.session.call != step.before.call or "lost_call" not in step.session.timers
    return watching.is_up(step) and moved


def _watch(step: Step) -> None:
    step.set_timer("lost_call", step.now + watching.patience(step))


def _watches_no_call(step: Step) -> bool:
    return "lost_call" in step.session.timers and not watching.is_up(step)


def _stop_watching(step: Step) -> None:
    step.set_timer("lost_call", None)


def _is_text_only(step: Step) -> bool:
    return joint_state(step.current) == "text_only" and step.session.turn is None


def _start_session_timer(step: Step) -> None:
    """Counted from the last text of ours that is still to leave, if one waits."""
    last = max([step.now, *(text.until for text in step.session.waiting)])
    step.set_timer("session", last + (step.session.session_timeout or step.messaging.session_timeout))


def _a_text_came(step: Step) -> bool:
    return isinstance(step.event, TextReceived)


def _count_text(step: Step) -> None:
    over = is_flood(step.before, step.rules.messaging, step.now)
    step.change(texts_in=counted(step.before, step.rules.messaging, step.now), flooded=over)


def _is_not_text_only(step: Step) -> bool:
    return not _is_text_only(step) and "session" in step.session.timers


def _stop_session_timer(step: Step) -> None:
    step.set_timer("session", None)


def _waits_for_nothing(step: Step) -> bool:
    return step.thread != "awaiting_reply" and bool({"text_reply", "reminder"} & step.session.timers.keys())


def _stop_waiting(step: Step) -> None:
    step.set_timer("text_reply", None)
    step.set_timer("reminder", None)


def _has_more_to_ask_in_vain(step: Step) -> bool:
    session, call = step.session, step.session.call
    waits = session.turn is not None or step.thread == "awaiting_reply" or bool(session.thread.held)
    by_voice = step.call in TALKING and call is not None and call.question is not None
    return bool(session.thread.queue) and not (waits or by_voice)


def _holds_texts_in_vain(step: Step) -> bool:
    return step.consent == "opted_out" and bool(step.session.thread.held)


def _drop_texts(step: Step) -> None:
    step.note("text_dropped", "sms", texts=len(step.session.thread.held), reason="opted_out")
    step.change_thread(held=())
    step.set_timer("merge", None)


def _texts_wait_in_vain(step: Step) -> bool:
    return step.consent == "opted_out" and bool(step.session.waiting)


def _forget_waiting(step: Step) -> None:
    """They fail in the outbox, now, and an opt-in does not bring them back."""
    step.change(waiting=())


def _has_just_ended(step: Step) -> bool:
    return not is_open(step.current) and (
        is_open(step.before) or step.before.opened_at != step.session.opened_at
    )


def _end(step: Step) -> None:
    kept = {name: due for name, due in step.session.timers.items() if name == "merge"}
    if step.session.handler == "human":
        tell_desk(step, "session_ended", {})
    step.change(handler="assistant", meanwhile=())
    step.change(timers=kept, choices=())  # texts that were taken are a turn yet, of the next session
    step.note("session_ended")


JOINT_RULES: tuple[Rule, ...] = (
    ("every text that came is counted", _a_text_came, _count_text),
    ("a thread that no text can reach closes behind its call", _thread_is_idle_behind_a_call, _close_thread),
    ("a session that the assistant closed has no thread", _closed_under_a_call, _close_thread),
    ("an opted-out customer has no thread", _opted_out_with_a_thread, _close_thread),
    ("a wait has timers only while it lasts", _waits_for_nothing, _stop_waiting),
    (
        "questions follow a reply, or nothing",
        _has_more_to_ask_in_vain,
        questions.drop_queue,
    ),
    (
        "texts that were held have no turn once the customer is opted out",
        _holds_texts_in_vain,
        _drop_texts,
    ),
    ("nothing waits for an opted-out customer", _texts_wait_in_vain, _forget_waiting),
    ("a call that is up is looked for when it falls silent", _moved_in_a_call, _watch),
    ("only a call that is up is", _watches_no_call, _stop_watching),
    ("a text-only session ends by inactivity", _is_text_only, _start_session_timer),
    ("only a text-only session has that timer", _is_not_text_only, _stop_session_timer),
    ("an ended session has nothing to wait for", _has_just_ended, _end),
)
"""In order; the first element says what holds afterwards."""


def settle(step: Step) -> None:
    """Make the joint rules hold."""
    for _, applies, bring_about in JOINT_RULES:
        if applies(step):
            bring_about(step)

"""Conditions of the rows: Step -> bool, no side effects."""

from __future__ import annotations

from orchestrator.core import keywords, patterns, policy
from orchestrator.core.effects import AskAssistant, HangUpCall
from orchestrator.core.events import (
    RETRY_HOOK,
    RETRY_TEXT,
    ActionRequested,
    AssistantFailed,
    AssistantReplied,
    BudgetSpent,
    CallStarted,
    TextAccepted,
    TextFailed,
    TextReceived,
    TimerFired,
    TransferEnded,
)
from orchestrator.core.flood import is_flood
from orchestrator.core.session import LIVE_CALL
from orchestrator.core.states import in_human_hands, is_open
from orchestrator.core.step import Step
from orchestrator.core.steps.floor import is_misheard, is_nothing

OPTED_OUT_CODE = 21610
"""Twilio: "attempt to send to unsubscribed recipient"."""


def _keyword(step: Step) -> keywords.Keyword | None:
    event = step.event
    return keywords.keyword(event, step.session, step.rules) if isinstance(event, TextReceived) else None


def is_keyword(step: Step) -> bool:
    """The text is an opt-out, opt-in or help keyword: never a turn."""
    return _keyword(step) is not None


def is_opt_out(step: Step) -> bool:
    """The text opts the customer out."""
    return _keyword(step) == "opt_out"


def is_opt_in(step: Step) -> bool:
    """The text opts the customer in again."""
    return _keyword(step) == "opt_in"


def is_help(step: Step) -> bool:
    """The text asks for help."""
    return _keyword(step) == "help"


def is_refused(step: Step) -> bool:
    """The inbound-text policy turns the text away."""
    return verdict(step).outcome == "refused"


FLOOD = policy.Verdict(0, "refused", "rate_limited")
"""Beside the table of the policy: of what it would take, the text that is one too many in a short time."""


def verdict(step: Step) -> policy.Verdict:
    """What becomes of this event's text, by the inbound-text policy and the limit of texts."""
    facts = policy.inbound(step.session, step.rules, step.now, is_keyword=is_keyword(step))
    judged = policy.judge(facts)
    over = judged.outcome == "taken" and is_flood(step.session, step.rules.messaging, step.now)
    return FLOOD if over else judged


def is_mismatch(step: Step) -> bool:
    """The awaited text does not match the pattern that the assistant gave."""
    event, question = step.event, step.session.thread.question
    if not isinstance(event, TextReceived) or question is None or not question.pattern:
        return False
    pattern = question.pattern
    return patterns.is_usable(pattern) and not patterns.matches(pattern, event.body.strip())


def is_asked(step: Step) -> bool:
    """Another machine has just asked the assistant about this event."""
    return any(isinstance(effect, AskAssistant) for effect in step.effects)


def says_opted_out(step: Step) -> bool:
    """The carrier refuses the customer's number because it is opted out."""
    event = step.event
    told = isinstance(event, TextFailed) and not (event.to or event.withheld)
    return told and getattr(event, "code", 0) == OPTED_OUT_CODE


def wants_opt_out(step: Step) -> bool:
    """An operator sets the customer's consent to opted out."""
    return isinstance(step.event, ActionRequested) and step.event.action == "opt_out"


def wants_opt_in(step: Step) -> bool:
    """An operator sets the customer's consent to opted in."""
    return isinstance(step.event, ActionRequested) and step.event.action == "opt_in"


def is_question(step: Step) -> bool:
    """The failed text is the one whose reply is awaited."""
    question = step.session.thread.question
    return (
        isinstance(step.event, TextFailed) and question is not None and question.text_id == step.event.text_id
    )


def _is_timer(step: Step, name: str) -> bool:
    event = step.event
    return (
        isinstance(event, TimerFired) and event.name == name and step.session.timers.get(name) == event.due_at
    )


def is_reply_timer(step: Step) -> bool:
    """The wait for a text is over."""
    return _is_timer(step, "text_reply")


def is_merge_timer(step: Step) -> bool:
    """No other text followed closely: those that were held are a turn."""
    return _is_timer(step, "merge") and bool(step.session.thread.held)


def is_reminder_timer(step: Step) -> bool:
    """The reminder of a wait is due."""
    return _is_timer(step, "reminder")


def is_lost_timer(step: Step) -> bool:
    """The call has been silent longer than its newest document can run."""
    return _is_timer(step, "lost_call")


def is_session_timer(step: Step) -> bool:
    """The thread has been silent for `session_timeout`."""
    silent = step.call not in LIVE_CALL and not step.session.thread.held
    return silent and _is_timer(step, "session")


def asks_at_session_timer(step: Step) -> bool:
    """The assistant is asked before the session ends: no closing line is configured, and no human has it."""
    asks = not step.messaging.notify_on_session_timeout and not in_human_hands(step.current)
    return asks and is_session_timer(step)


def is_over(step: Step) -> bool:
    """There is no open session."""
    return not is_open(step.session)


def is_allowed(step: Step) -> bool:
    """The action is one that the state permits; a text that failed is sent again whenever one can be sent."""
    action, item = getattr(step.event, "action", ""), getattr(step.event, "item", None)
    if action == RETRY_HOOK:
        return True
    if action == RETRY_TEXT:
        return policy.can_send(step.current, step.rules)
    return action in {"opt_in", "opt_out"} or policy.permits(step.session, step.rules, action, item)


def is_inbound(step: Step) -> bool:
    """The customer called us."""
    return isinstance(step.event, CallStarted) and step.event.direction == "inbound"


def is_this_call(step: Step) -> bool:
    """The event belongs to the session's present call."""
    call = step.session.call
    return call is not None and call.call_sid == getattr(step.event, "call_sid", None)


def is_dialed_call(step: Step) -> bool:
    """The event belongs to the call that we placed; its first event tells its id."""
    call, event = step.session.call, step.event
    if call is None or (isinstance(event, CallStarted) and event.direction != "outbound"):
        return False
    reference = getattr(event, "reference", "")
    if reference and call.reference and reference != call.reference:
        return False
    return not call.call_sid or call.call_sid == getattr(event, "call_sid", None)


def is_machine(step: Step) -> bool:
    """A machine answers the call that we placed, and the phone's rules say what to do with those."""
    event = step.event
    told = isinstance(event, CallStarted) and event.machine and step.phone.machine_detection != "off"
    return told and is_dialed_call(step)


def is_let_go(step: Step) -> bool:
    """The call that we placed is answered, and the session was closed meanwhile."""
    return is_dialed_call(step) and step.session.closed_by_assistant


def is_leaving(step: Step) -> bool:
    """The request crossed a document that ends the call: that document is served."""
    newest = step.live.newest if is_this_call(step) else None
    return newest is not None and isinstance(newest.ending, HangUpCall) and is_replaced(step)


def is_replaced(step: Step) -> bool:
    """The request comes from a document that a newer one has replaced."""
    newest = step.live.newest if is_this_call(step) else None
    return newest is not None and int(getattr(step.event, "document", 0)) < newest.number


def is_replaced_silence(step: Step) -> bool:
    """The caller gave nothing to a document that a newer one has replaced."""
    return is_nothing(step) and is_replaced(step)


def is_not_understood(step: Step) -> bool:
    """The caller said something that the recogniser is not sure of."""
    return is_misheard(step) and is_this_call(step)


def may_call(step: Step) -> bool:
    """We may call the customer: a number, a phone, consent, no live call, and at this hour."""
    return not policy.why_not_call(step.current, step.rules, step.now)


def transfer_answered(step: Step) -> bool:
    """Somebody took the transferred call."""
    return isinstance(step.event, TransferEnded) and not step.event.reason and is_this_call(step)


def lets_go_after_transfer(step: Step) -> bool:
    """Nobody took it, and the configuration, or a session that was closed, ends the call then."""
    ends = step.phone.disconnect_on_transfer_failure or step.session.closed_by_assistant
    return is_this_call(step) and ends


def waits_for_text(step: Step) -> bool:
    """Silence while a text is awaited, or one is held for another: the wait goes on."""
    waits = step.thread == "awaiting_reply" or bool(step.session.thread.held)
    return waits and is_nothing(step) and is_this_call(step)


def is_silent_too_often(step: Step) -> bool:
    """This silence is the last that the phone's rules allow."""
    nothing = is_this_call(step) and is_nothing(step)
    return nothing and step.live.silent_turns + 1 >= step.phone.max_silent_turns


def is_this_turn(step: Step) -> bool:
    """The event answers the open turn, not one that was superseded."""
    turn, event = step.session.turn, step.event
    answers = isinstance(event, AssistantReplied | AssistantFailed | BudgetSpent)
    return answers and turn is not None and turn.id == getattr(event, "turn_id", None)


def holds_the_request(step: Step) -> bool:
    """A voice request is open for the turn."""
    return is_this_turn(step) and step.session.turn is not None and step.session.turn.waiting


def is_news_of_text(step: Step) -> bool:
    """The text left from another number of ours than was meant, or was taken though it had been given up."""
    event = step.event
    return isinstance(event, TextAccepted) and (bool(event.number) or event.given_up)


def is_apology(step: Step) -> bool:
    """The carrier took the failure text that stands for expired answers."""
    event = step.event
    return isinstance(event, TextAccepted) and bool(event.text_id) and step.session.apology == event.text_id


def is_switch(step: Step) -> bool:
    """The carrier took the text that a `switch_channel` waits for."""
    switch, event = step.session.switch, step.event
    return isinstance(event, TextAccepted) and switch is not None and switch.text_id == event.text_id

"""What the API does: actions in a session, and sessions opened by us."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from orchestrator.ports import Acted, Desk, Forbidden
from orchestrator.web.api import answers
from orchestrator.web.api.actions import AssistantFacts, item_of
from orchestrator.web.api.finding import Finder
from orchestrator.web.api.once import Once, Reply, key_of
from orchestrator.web.api.problems import CODES, Problem, unknown_assistant, wrong_fields
from orchestrator.web.api.requests import ACTIONS, Form, OpenCall, OpenMessage, SetContext
from orchestrator.web.api.resource import Operation

DETAILS = {
    "opted_out": "The customer opted out of texts.",
    "session_ending": "The session is ending.",
    "session_open": "The customer has an open session.",
    "no_messaging": "The assistant has no messaging integration.",
    "no_number": "The customer's number is withheld.",
    "call_live": "The customer is in a call already.",
    "call_hours": "Calls are not allowed at this hour.",
    "not_placed": "The carrier did not take the call.",
}


class Acting:
    """Carries checked requests to the desk."""

    def __init__(
        self,
        desk: Desk,
        finder: Finder,
        once: Once,
        assistants: Mapping[str, AssistantFacts],
    ) -> None:
        self._desk = desk
        self._assistants = assistants
        self._finder = finder
        self._once = once

    async def act(self, request: Request, form: Form, actor: str = "api") -> Response:
        """An action in a session; `actor` is who asks, for the timeline."""
        session_id, key = request.path_params["id"], key_of(request)

        async def make() -> Reply:
            return await self._act(session_id, form, key, actor)

        return await self._once.do(key, ["act", session_id, form.model_dump()], make)

    async def _act(self, session_id: str, form: Form, key: str, actor: str) -> Reply:
        _, summary = await self._finder.find(session_id)
        facts = self._assistants.get(summary["assistant"])
        if facts is None:
            raise Problem(409, "assistant_gone", "The session's assistant is not configured any more.")
        item = item_of(form, facts, summary["customer"]["phone_number"])
        context = form.context if isinstance(form, SetContext) else None
        action = str(form.model_dump()["action"])
        done = await self._desk.act(session_id, action, item, context=context, key=key, actor=actor)
        if done is None:  # a later session stands in its place; its record says how it ended
            done = Forbidden("not_allowed", summary["state"], (), "The session is over.")
        return refused(done) if isinstance(done, Forbidden) else acted(done)

    async def open(self, request: Request, form: OpenMessage) -> Response:
        """A text session, business first."""
        key = key_of(request)

        async def make() -> Reply:
            return await self._open(form, key)

        return await self._once.do(key, ["open", form.model_dump()], make)

    async def _open(self, form: OpenMessage, key: str) -> Reply:
        self._check(form)
        done = await self._desk.open_text(
            form.assistant,
            form.to,
            text=form.text,
            media=tuple(form.media),
            context=dict(form.context),
            key=key,
            urgent=form.urgent,
        )
        if isinstance(done, Forbidden):
            return refused(done)
        return Reply(202, {"session_id": done.session_id, "message_id": done.message_id})

    async def call(self, request: Request, form: OpenCall) -> Response:
        """A call of ours."""
        key = key_of(request)

        async def make() -> Reply:
            return await self._call(form, key)

        return await self._once.do(key, ["call", form.model_dump()], make)

    async def _call(self, form: OpenCall, key: str) -> Reply:
        facts = self._facts(form.assistant)
        if not facts.call_numbers:
            raise wrong_fields([("assistant", "it has no phone integration")], code="no_phone")
        if form.to in facts.call_numbers:
            raise wrong_fields([("to", "a number of this assistant itself")])
        done = await self._desk.open_call(form.assistant, form.to, context=dict(form.context), key=key)
        if isinstance(done, Forbidden):
            return refused(done)
        return Reply(202, {"session_id": done.session_id, "call_sid": done.call_sid})

    def _facts(self, assistant: str) -> AssistantFacts:
        facts = self._assistants.get(assistant)
        if facts is None:
            raise unknown_assistant(self._assistants)
        return facts

    def _check(self, form: OpenMessage) -> None:
        facts = self._facts(form.assistant)
        if not facts.text_numbers:
            raise wrong_fields([("assistant", "it has no messaging integration")], code="no_messaging")
        if form.to in facts.text_numbers:
            raise wrong_fields([("to", "a number of this assistant itself")])


def acted(done: Acted) -> Reply:
    """The action is stored."""
    return Reply(202, {"action_id": done.action_id, "session_id": done.session_id, "state": done.state})


def refused(done: Forbidden) -> Reply:
    """The state forbids it, or the carrier did: what it is, and what it permits."""
    detail = DETAILS.get(done.code, "The session's state does not permit this.")
    more = {"state": done.state, "allowed": list(done.allowed)}
    status = CODES[done.code][0]
    return Reply(status, Problem(status, done.code, detail, hint=done.hint, more=more).body)


def operations(acting: Acting) -> list[Operation]:
    """The operations of this file."""
    return [
        Operation(
            method="POST",
            path="/api/v1/sessions/{id}/actions",
            name="act",
            summary="Do something in a session, out of turn",
            perform=acting.act,
            takes=tuple(ACTIONS.values()),
            gives=answers.Acted,
            status=202,
            problems=(404, 409),
            once=True,
        ),
        Operation(
            method="POST",
            path="/api/v1/messages",
            name="open_message",
            summary="Open a text session, business first",
            perform=acting.open,
            takes=(OpenMessage,),
            gives=answers.Opened,
            status=202,
            problems=(409,),
            once=True,
        ),
        Operation(
            method="POST",
            path="/api/v1/calls",
            name="open_call",
            summary="Call the customer",
            perform=acting.call,
            takes=(OpenCall,),
            gives=answers.Called,
            status=202,
            problems=(409, 502),
            once=True,
        ),
    ]

"""Texts in both directions: acceptance, delivery with its status callbacks, keywords, TwiML answers."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from channels.simulator import forms, twiml
from channels.simulator.errors import DocumentError, RefusedError
from channels.simulator.keywords import CONFIRMATIONS, HELP, START, STOP
from channels.simulator.records import Exchange, Message, Number, ReceivedText
from channels.simulator.segments import segments
from channels.simulator.trouble import Fate
from channels.simulator.webhooks import Hook, Webhooks
from channels.simulator.world import World

BODY_LIMIT = 1600  # characters: Twilio error 21617
REDIRECT_LIMIT = 10  # Twilio error 11215
MEDIA_LIMIT = 10  # addresses: Messages resource, MediaUrl


class Texting:
    """The message side of the carrier."""

    def __init__(self, world: World, webhooks: Webhooks) -> None:
        self._world = world
        self._webhooks = webhooks

    # From the account to a phone ----------------------------------------------------------------
    async def send(self, message: Message) -> Message:
        """Take a checked message. With a Messaging Service an opted-out recipient shows later only."""
        blocked = (message.to, message.sender) in self._world.opted_out
        if blocked and not message.service_sid:
            raise RefusedError(21610)
        fate = Fate("failed", 21610) if blocked else self._fate(message)
        if blocked:
            self._world.fault("21610 a text to an opted-out number, by a Messaging Service")
        self._world.messages.append(message)
        early = self._world.trouble.take_counted("early")
        delivery = self._world.spawn(self._deliver(message, fate))
        if early:
            await delivery
        return message

    def _fate(self, message: Message) -> Fate | None:
        trouble = self._world.trouble
        if message.service_sid and trouble.is_full(message.sender):
            return Fate("failed", 30001)
        return Fate("undelivered", 30007) if trouble.is_filtered(message.body) else trouble.take_fate()

    async def _deliver(self, message: Message, fate: Fate | None) -> None:
        steps = ["queued"] if message.service_sid else []
        if fate is None or fate.status == "undelivered":
            steps.append("sent")
        steps.append(fate.status if fate else "delivered")
        if fate is None:
            self._arrive(message)
        if fate is None and self._world.fate is not None:
            steps, fate = await self._awaited(message, steps[:-1])
        code = fate.code if fate else None
        backwards = self._world.trouble.take_counted("reversed")
        doubled, pause = self._world.trouble.take_counted("doubled"), self._world.trouble.take_delay()
        message.sent_at = self._world.clock.now()
        for status in reversed(steps) if backwards else steps:
            await self._world.clock.sleep(pause)
            message.status = steps[-1] if backwards else status
            message.updated_at = self._world.clock.now()
            message.error_code = code if status == steps[-1] else message.error_code
            await self._report(message, status, code)
            if doubled:
                await self._report(message, status, code)

    async def _awaited(self, message: Message, before: list[str]) -> tuple[list[str], Fate | None]:
        """The statuses until the end are told now; the end, once it is decided."""
        for status in before:
            message.status, message.updated_at = status, self._world.clock.now()
            await self._report(message, status, None)
        fate = await self._world.fate(message) if self._world.fate is not None else None
        return [fate.status if fate else "delivered"], fate

    async def _report(self, message: Message, status: str, code: int | None) -> None:
        if not message.status_callback:
            return
        form = forms.message_status(self._world.account_sid, message, status, code, self._world.clock.now())
        await self._webhooks.tell(Hook("sms-status", message.status_callback, "POST", form, message.to))

    def _arrive(self, message: Message) -> None:
        now = self._world.clock.now()
        text = ReceivedText(
            message.sender, message.to, message.body, now, message.media, message.segments, message.sid
        )
        self._put(text)

    def _put(self, text: ReceivedText) -> None:
        self._world.phone(text.to).received.append(text)
        self._world.emit(
            "received",
            number=text.to,
            sender=text.sender,
            text=text.body,
            media=text.media,
            by_carrier=text.by_carrier,
            sid=text.sid,
        )

    # From a phone to the account ----------------------------------------------------------------
    async def incoming(
        self, sender: str, to: str, body: str, media: Sequence[str] = (), pictures: Sequence[str] = ()
    ) -> Message:
        """A phone sends a text: the carrier sees to keywords, then the number's webhook is made. `media` are
        addresses elsewhere, `pictures` the `sid` of those that the carrier keeps.
        """
        message = self.new(
            "MM" if media or pictures else "SM",
            sender,
            to,
            body,
            "inbound",
            "received",
            media=tuple(media),
        )
        if pictures:
            message.media += tuple(self._world.shelf.address(message.sid, sid) for sid in pictures)
            message.segments = 1
        self._world.messages.append(message)
        self._world.emit("texted", number=sender, to=to, text=body, media=message.media, sid=message.sid)
        number = self._world.numbers.get(to)
        keyword = self._keyword(message)
        if number is None or not number.sms_url:
            self._world.fault("11100 a text came to a number without a messaging URL")
            return message
        form = forms.inbound_message(
            self._world.account_sid,
            message,
            keyword if number.advanced_opt_out else "",
            type_of=self._world.shelf.type_of,
        )
        await self._answered(message, number, Hook("sms", number.sms_url, number.sms_method, form, sender))
        return message

    def new(
        self,
        prefix: str,
        sender: str,
        to: str,
        body: str,
        direction: str,
        status: str,
        *,
        media: tuple[str, ...] = (),
        status_callback: str = "",
        service_sid: str = "",
    ) -> Message:
        """A message with its times and segments."""
        now = self._world.clock.now()
        return Message(
            self._world.sid(prefix),
            sender,
            to,
            body,
            direction,
            status,
            now,
            now,
            media=media,
            segments=1 if media else segments(body),
            service_sid=service_sid,
            status_callback=status_callback,
        )

    def _keyword(self, message: Message) -> str:
        """What keyword the text is, if any; the block and the carrier's own answer follow here."""
        word, pair = message.body.strip().upper(), (message.sender, message.to)
        blocked = pair in self._world.opted_out
        if word in STOP:
            self._world.opted_out.add(pair)
            return self._confirm(message, "STOP", answer=not blocked)
        if word in START and (blocked or word != "YES"):
            self._world.opted_out.discard(pair)
            return self._confirm(message, "START", answer=blocked)
        if word in HELP:
            return self._confirm(message, "HELP", answer=not blocked)
        return ""

    def _confirm(self, message: Message, keyword: str, *, answer: bool) -> str:
        if answer:
            body, now = CONFIRMATIONS[keyword], self._world.clock.now()
            self._put(
                ReceivedText(message.to, message.sender, body, now, segments=segments(body), by_carrier=True)
            )
        return keyword

    async def _answered(self, message: Message, number: Number, hook: Hook) -> None:
        try:
            answer = await self._webhooks.ask(hook)
            self._taken(message, well=True)
            await self._obey(message, answer, hook)
        except DocumentError as error:
            self._world.fault(str(error))
            if message.is_taken is None:
                self._taken(message, well=False)
            if not number.sms_fallback_url:
                return
            form = dict(hook.form) | {"ErrorCode": str(error.code), "ErrorUrl": hook.url}
            fallback = Hook("sms", number.sms_fallback_url, number.sms_fallback_method, form, hook.number)
            try:
                await self._obey(message, await self._webhooks.ask(fallback), fallback)
            except DocumentError as second:
                self._world.fault(str(second))

    def _taken(self, message: Message, *, well: bool) -> None:
        message.is_taken = well
        self._world.emit("taken" if well else "not_taken", number=message.sender, sid=message.sid)

    async def _obey(self, message: Message, answer: Exchange, hook: Hook, hops: int = 0) -> None:
        """Send what a TwiML answer says. An empty one says nothing."""
        if not answer.body.strip():
            return
        twiml.check_content_type(answer.content_type)
        document = twiml.read(answer.body, hook.url.partition("#")[0], twiml.MESSAGING)
        for verb in document.verbs:
            if verb.tag == "Redirect":
                if hops == REDIRECT_LIMIT:
                    raise DocumentError(11215, "more than 10 redirects", hook.url)
                url = document.resolve(verb.text or "")
                onward = Hook("sms", url, verb.get("method", "POST"), hook.form, hook.number)
                await self._obey(message, await self._webhooks.ask(onward), onward, hops + 1)
                return
            await self._reply(message, verb, document)

    async def _reply(self, message: Message, verb: Element, document: twiml.Document) -> None:
        body = (verb.findtext("Body") or verb.text or "").strip()
        media = tuple((noun.text or "").strip() for noun in verb.findall("Media"))
        if not (body or media) or len(body) > BODY_LIMIT:
            self._world.fault("14103 Message: its text is empty or over 1600 characters")
            return
        callback = document.resolve(verb.get("statusCallback", "")) if verb.get("statusCallback") else ""
        reply = self.new(
            "MM" if media else "SM",
            verb.get("from") or message.to,
            verb.get("to") or message.sender,
            body,
            "outbound-reply",
            "queued",
            media=media,
            status_callback=callback,
        )
        try:
            await self.send(reply)
        except RefusedError as refused:
            self._world.fault(str(refused))

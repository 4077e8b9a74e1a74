"""The simulator as one thing: an ASGI app for the application to call, and phones to play customers.

`Simulator.app` goes into `httpx.ASGITransport` in a test, or under a path of a real server.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import httpx
from starlette.applications import Starlette
from starlette.routing import Route

from channels.simulator.control import Control
from channels.simulator.handset import Handset
from channels.simulator.live import Connected
from channels.simulator.pictures import Picture
from channels.simulator.records import Call, Exchange, Message, Number, Observation
from channels.simulator.relay import RelayClient, connected
from channels.simulator.rest import calls as calls_api
from channels.simulator.rest import media as media_api
from channels.simulator.rest import messages as messages_api
from channels.simulator.rest import numbers as numbers_api
from channels.simulator.rest.frame import Frame
from channels.simulator.sockets import Dial, dial_network
from channels.simulator.switchboard import Switchboard
from channels.simulator.texting import Texting
from channels.simulator.trouble import Trouble
from channels.simulator.troubling import Troubling
from channels.simulator.webhooks import Webhooks
from channels.simulator.world import Fates, Observer, World
from orchestrator.ports import Clock

ACCOUNT = "/2010-04-01/Accounts/{account}"
NOTHING: frozenset[str] = frozenset()


class Simulator:
    """A carrier with one account.

    `http` makes the webhooks and stays its owner's to close. `clock` times pauses, silences, ringing
    and the limits of webhooks; its `sleep` must last until the clock is moved. `seconds_per_word`
    gives speech a length; 0 makes it instant. `dial` opens the sockets of ConversationRelay, `ids` gives
    the 32 hexadecimal digits of a new id, at random unless given; `base_url` is where its API is reached,
    for the addresses of pictures.
    """

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        clock: Clock,
        http: httpx.AsyncClient,
        seconds_per_word: float = 0.0,
        dial: Dial = dial_network,
        ids: Callable[[], str] | None = None,
        base_url: str = "https://api.twilio.com",
    ) -> None:
        self._world = World(account_sid, auth_token, clock, ids, base_url)
        webhooks = Webhooks(self._world, http)
        self._switchboard = Switchboard(self._world, webhooks, seconds_per_word)
        self._relay = RelayClient(self._world, self._switchboard.live, dial)
        self._switchboard.connected = connected(self._relay)
        self._texting = Texting(self._world, webhooks)
        self._handsets: dict[str, Handset] = {}
        frame = Frame(self._world)
        api = _routes(frame, self._world, self._switchboard, self._texting)
        control = Control(frame, self.handset, self._world)
        self.app = Starlette(routes=[*api, *control.routes(), *Troubling(frame, self.trouble).routes()])

    # What is there ------------------------------------------------------------------------------
    @property
    def faults(self) -> list[str]:
        """What Twilio would have refused, or shown in its debugger: code and meaning, no content."""
        return self._world.faults

    @property
    def messages(self) -> list[Message]:
        """Every text in either direction, oldest first, without the carrier's own."""
        return self._world.messages

    @property
    def calls(self) -> list[Call]:
        """Every call, oldest first, dialed legs among them."""
        return self._world.calls

    @property
    def webhooks(self) -> Sequence[Exchange]:
        """The latest webhook attempts, in the order that they ended."""
        return tuple(self._world.exchanges)

    @property
    def events(self) -> Sequence[Observation]:
        """The latest observations, oldest first."""
        return tuple(self._world.events)

    @property
    def happened(self) -> int:
        """How many observations there were, those no longer kept among them."""
        return self._world.happened

    @property
    def trouble(self) -> Trouble:
        """The troubles ahead, for tests to add to."""
        return self._world.trouble

    # Provisioning -------------------------------------------------------------------------------
    def add_number(
        self,
        number: str,
        *,
        voice_url: str = "",
        sms_url: str = "",
        status_callback: str = "",
        voice_fallback_url: str = "",
        sms_fallback_url: str = "",
        capabilities: Mapping[str, bool] | None = None,
        advanced_opt_out: bool = False,
    ) -> Number:
        """A number of the account. `advanced_opt_out` adds `OptOutType` to keyword webhooks."""
        now = self._world.clock.now()
        record = Number(
            self._world.sid("PN"),
            number,
            now,
            now,
            voice_url=voice_url,
            sms_url=sms_url,
            status_callback=status_callback,
            voice_fallback_url=voice_fallback_url,
            sms_fallback_url=sms_fallback_url,
            capabilities=capabilities or {"voice": True, "sms": True, "mms": True},
            advanced_opt_out=advanced_opt_out,
        )
        self._world.numbers[number] = record
        return record

    def add_messaging_service(self, sid: str, numbers: Sequence[str]) -> None:
        """A Messaging Service (`MG...`) with its senders; the first one is used."""
        self._world.services[sid] = tuple(numbers)

    def set_outcome(self, target: str, status: str) -> None:
        """How a Dial or Refer to `target` ends where no handset was made for it: `busy`, `no-answer`,
        `failed` or `completed`.
        """
        self._world.outcomes[target] = status

    def ring_everywhere(self) -> None:
        """Let the phone of whoever is dialed ring, also where neither a handset was made nor an outcome set."""
        self._world.rings_everywhere = True

    def set_fates(self, fates: Fates) -> None:
        """Who decides, in its own time, how each text ends that the carrier took."""
        self._world.fate = fates

    def set_connected(self, connected: Connected) -> None:
        """Who plays the noun of a Connect instead of the simulator's own ConversationRelay."""
        self._switchboard.connected = connected

    def drop_socket(self, call_sid: str) -> None:
        """Lose the connection of a call's ConversationRelay socket."""
        self._relay.drop(call_sid)

    def is_opted_out(self, customer: str, number: str) -> bool:
        """Whether this customer stopped texts from this number."""
        return (customer, number) in self._world.opted_out

    # Playing ------------------------------------------------------------------------------------
    def handset(self, number: str) -> Handset:
        """The phone with this number: E.164, or `anonymous` for a caller who withholds it."""
        if number not in self._handsets:
            self._handsets[number] = Handset(number, self._world, self._switchboard, self._texting)
        return self._handsets[number]

    def keep_picture(self, data: bytes) -> Picture:
        """A picture that phones can send, by its `sid`; ValueError says why it is none."""
        return self._world.shelf.keep(data, self._world.clock.now())

    def kept_picture(self, sid: str) -> Picture | None:
        """The picture with this `sid`, while it is kept."""
        return self._world.shelf.find(sid)

    def picture(self, address: str) -> Picture | None:
        """What lies at an address of a picture, while it is kept."""
        return self._world.shelf.at(address)

    @property
    def used(self) -> list[str]:
        """The numbers of phones that called, were called, or got a text; the first used first."""
        return [number for number, phone in self._world.phones.items() if phone.calls or phone.received]

    def observe(self, observer: Observer) -> None:
        """Await `observer` with every observation from now on, in order. Needs a running loop."""
        self._world.observe(observer)

    async def aclose(self) -> None:
        """End every call and request under way, without further webhooks."""
        await self._world.close()


def _routes(frame: Frame, world: World, switchboard: Switchboard, texting: Texting) -> list[Route]:
    messages = messages_api.Messages(world, texting)
    calls = calls_api.Calls(world, switchboard)
    numbers, media = numbers_api.Numbers(world), media_api.MediaOfMessages(world)
    table = (
        ("POST", "/Messages.json", messages.create, messages_api.CREATE),
        ("GET", "/Messages.json", messages.list, messages_api.LIST),
        ("GET", "/Messages/{sid}.json", messages.fetch, NOTHING),
        ("POST", "/Messages/{sid}.json", messages.update, messages_api.UPDATE),
        ("DELETE", "/Messages/{sid}.json", messages.delete, NOTHING),
        ("GET", "/Messages/{sid}/Media.json", media.list, media_api.LIST),
        ("GET", "/Messages/{sid}/Media/{media}.json", media.fetch, NOTHING),
        ("DELETE", "/Messages/{sid}/Media/{media}.json", media.delete, NOTHING),
        ("GET", "/Messages/{sid}/Media/{media}", media.show, NOTHING),
        ("POST", "/Calls.json", calls.create, calls_api.CREATE),
        ("GET", "/Calls.json", calls.list, calls_api.LIST),
        ("GET", "/Calls/{sid}.json", calls.fetch, NOTHING),
        ("POST", "/Calls/{sid}.json", calls.update, calls_api.UPDATE),
        ("GET", "/IncomingPhoneNumbers.json", numbers.list, numbers_api.LIST),
        ("GET", "/IncomingPhoneNumbers/{sid}.json", numbers.fetch, NOTHING),
        ("POST", "/IncomingPhoneNumbers/{sid}.json", numbers.update, numbers_api.UPDATE),
    )
    return [
        Route(ACCOUNT + path, frame.endpoint(handler, known), methods=[method])
        for method, path, handler, known in table
    ]

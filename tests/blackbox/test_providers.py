"""Calls at one provider, texts at another and a third, each with its own account and token; several numbers for texts."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from tests.blackbox.driver import API, PUBLIC, Bot, Server, signature, until
from tests.chaos.hosts import Host, sid

CALLS, CALLS_TOKEN, DESK = "AC" + "1" * 32, "token-of-calls", "+19585550123"
TEXTS, TEXTS_TOKEN, FIRST, SECOND = "AC" + "2" * 32, "token-of-texts", "+19585550201", "+19585550202"
SPARE, SPARE_TOKEN, THIRD = "AC" + "3" * 32, "token-of-the-spare", "+19585550301"
ANA, BEN, CARL, DORA = "+15550101234", "+15550105678", "+15550109012", "+15550103456"
EVE, FINN, GIL = "+15550107890", "+15550102345", "+15550106789"


class Provider:
    """A carrier with one account: notes each request with its form; another account's token is 401, and the right
    one as well while it is `shut`. `refused` gives the code with which a sender's messages are refused.
    """

    def __init__(self, account: str, token: str) -> None:
        self.account, self.refused = account, dict[str, int]()
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.strangers: list[str] = []
        self.shut: dict[str, Any] | None = None
        self._expected = "Basic " + base64.b64encode(f"{account}:{token}".encode()).decode()
        self.server = Server(self._handle)

    def _handle(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        if {name.lower(): value for name, value in headers.items()}.get("authorization") != self._expected:
            self.strangers.append(path)
            return 401, {"code": 20003, "message": "Authenticate", "status": 401}
        if self.shut is not None:
            return 401, self.shut
        form = {name: values[-1] for name, values in parse_qs(body.decode()).items()}
        if method == "GET":
            return 200, {"messages": [], "next_page_uri": None}
        self.requests.append((path.removeprefix(f"/2010-04-01/Accounts/{self.account}"), form))
        if code := self.refused.get(form.get("From", "")):
            return 400, {"code": code, "message": "no", "status": 400}
        return 201, {"sid": f"SM{len(self.requests):032x}", "status": "queued", "error_code": None}

    def texts(self, to: str) -> list[tuple[str, str]]:
        """Sender and body of what was taken for a customer."""
        sent = [form for path, form in list(self.requests) if path == "/Messages.json" and form["To"] == to]
        return [(form["From"], form["Body"]) for form in sent if form["From"] not in self.refused]


@dataclass
class Scene:
    """One service, its assistant and its two providers."""

    host: Host
    bot: Bot
    calls: Provider
    texts: Provider
    spare: Provider

    def post(self, path: str, token: str, **form: str) -> httpx.Response:
        """A webhook signed with a token."""
        path = path.removeprefix(PUBLIC)
        signed = signature(PUBLIC + path, list(form.items()), token)
        return self.host.post(path, form, **{"X-Twilio-Signature": signed})

    def text(self, body: str, sender: str, to: str, token: str = TEXTS_TOKEN) -> httpx.Response:
        """A customer's text to one of our numbers."""
        message = sid("SM", f"{body} {sender}")
        return self.post(
            "/twilio/sms", token, MessageSid=message, From=sender, To=to, Body=body, AccountSid=TEXTS
        )

    def write(self, to: str, text: str) -> httpx.Response:
        """The API opens a text session."""
        asked = {"assistant": "support", "to": to, "text": text}
        headers = {"Authorization": f"Bearer {API}"}
        return httpx.post(f"{self.host.base}/api/v1/messages", json=asked, headers=headers, timeout=10)


def configuration(bot: Bot, calls: Provider, texts: Provider, spare: Provider) -> str:
    """An assistant with an integration at each provider."""
    return f"""
service: {{public_url: {PUBLIC}, redis_url: memory://, api_token: {API}}}
assistants:
  support:
    backend: {{kind: http, url: {bot.server.url}/turn, secret: whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ=}}
    phone: {{numbers: ["{DESK}"], account_sid: {CALLS}, auth_token: {CALLS_TOKEN}, base_url: {calls.server.url}}}
    messaging: {{numbers: ["{FIRST}", "{SECOND}"], account_sid: {TEXTS}, auth_token: {TEXTS_TOKEN},
      base_url: {texts.server.url}, failover: {{numbers: ["{THIRD}"], account_sid: {SPARE}, auth_token: {SPARE_TOKEN},
      base_url: {spare.server.url}}}}}
"""


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Runs for the whole module; each test has a customer of its own."""
    folder = tmp_path_factory.mktemp("providers")
    bot, calls, texts = Bot(), Provider(CALLS, CALLS_TOKEN), Provider(TEXTS, TEXTS_TOKEN)
    spare = Provider(SPARE, SPARE_TOKEN)
    config = folder / "tandem.yaml"
    config.write_text(configuration(bot, calls, texts, spare))
    host = Host(folder, config)
    try:
        host.wait_until_up()
        yield Scene(host, bot, calls, texts, spare)
    finally:
        host.kill()
        for server in (bot.server, calls.server, texts.server, spare.server):
            server.close()


def test_a_call_at_one_provider_and_its_texts_at_another(scene: Scene) -> None:
    """The call is answered and interrupted with the credentials of the one, texts leave, and come, with those
    of the other; a webhook signed by the wrong provider is refused.
    """
    call = {"CallSid": "CA" + "1" * 32, "From": ANA, "To": DESK, "AccountSid": CALLS, "Direction": "inbound"}
    ask = {
        "response_type": "ask_for_text",
        "text": "Your address?",
        "say": "I am texting you.",
        "keep_as": "a",
    }
    scene.bot.answers = [[ask], [{"response_type": "text", "text": "Thank you."}]]
    assert scene.post("/twilio/voice", TEXTS_TOKEN, **call, CallStatus="ringing").status_code == 403
    answered = scene.post("/twilio/voice", CALLS_TOKEN, **call, CallStatus="ringing")
    assert "I am texting you." in answered.text
    until(lambda: scene.texts.texts(ANA) == [(FIRST, "Your address?")])
    told = next(form["StatusCallback"] for _, form in scene.texts.requests if form.get("To") == ANA)
    status = {"MessageSid": "SM" + "1".rjust(32, "0"), "MessageStatus": "delivered", "From": FIRST, "To": ANA}
    assert scene.post(told, CALLS_TOKEN, **status).status_code == 403
    assert scene.post(told, TEXTS_TOKEN, **status).status_code == 204
    assert scene.text("12 Oak Lane", ANA, FIRST, CALLS_TOKEN).status_code == 403
    assert scene.text("12 Oak Lane", ANA, FIRST).status_code == 200
    path, form = until(lambda: [entry for entry in scene.calls.requests if "Calls/" in entry[0]])[-1]
    assert path == f"/Calls/{call['CallSid']}.json"
    spoken = scene.post(form["Url"], CALLS_TOKEN, **call, CallStatus="in-progress")
    assert "Thank you." in spoken.text
    assert [path for path, _ in scene.texts.requests if "Calls" in path] == []
    assert [path for path, _ in scene.calls.requests if "Messages" in path] == []
    assert scene.calls.strangers == scene.texts.strangers == []


def test_the_customer_keeps_the_number_that_they_wrote_to(scene: Scene) -> None:
    """A text to the second number is answered from there, and so is what we write first in a later session."""
    scene.bot.answers = [
        [{"response_type": "text", "text": "From the second."}, {"response_type": "end_session"}]
    ]
    assert scene.text("hello", BEN, SECOND).status_code == 200
    until(lambda: scene.texts.texts(BEN) == [(SECOND, "From the second.")])
    written = until(lambda: (answer := scene.write(BEN, "News!")).status_code == 202 and answer)
    assert written.json()["message_id"]
    until(lambda: scene.texts.texts(BEN)[1:] == [(SECOND, "News!")])


def test_a_refused_number_is_stood_in_for_by_another(scene: Scene) -> None:
    """The first number is refused for the account's sake: the second one sends, once, and keeps the thread;
    a refusal for the recipient's sake is tried once.
    """
    scene.texts.refused = {FIRST: 21606}
    assert scene.write(CARL, "Hello").status_code == 202
    until(lambda: scene.texts.texts(CARL) == [(SECOND, "Hello")])
    scene.bot.answers = [[{"response_type": "text", "text": "Still me."}]]
    assert scene.text("who is this?", CARL, SECOND).status_code == 200
    until(lambda: scene.texts.texts(CARL)[1:] == [(SECOND, "Still me.")])
    scene.texts.refused = {FIRST: 21610}
    assert scene.write(DORA, "Hello").status_code == 202
    consent = f"/api/v1/opt-outs/{DORA}"
    until(lambda: '"opted_out"' in scene.host.get(consent).text.replace(" ", ""))
    assert [form["From"] for _, form in scene.texts.requests if form["To"] == DORA] == [FIRST]
    scene.texts.refused = {}


@pytest.mark.parametrize(
    ("customer", "said"),
    [(EVE, {"code": 20003, "message": "Authenticate", "status": 401}), (FINN, {"error": "unauthorized"})],
    ids=["Twilio's word", "401 alone"],
)
def test_a_shut_account_is_stood_in_for_by_the_second(
    scene: Scene, customer: str, said: dict[str, Any]
) -> None:
    """The text leaves once, from the second account's number; its status, and the customer's reply, are signed with
    that account's token, any other is refused; the answer leaves from there, also when the first is open again.
    """
    scene.texts.shut = said
    assert scene.write(customer, "Hello").status_code == 202
    until(lambda: scene.spare.texts(customer) == [(THIRD, "Hello")])
    scene.texts.shut = None
    told = next(form["StatusCallback"] for _, form in scene.spare.requests if form.get("To") == customer)
    status = {"MessageSid": "SM" + "1".rjust(32, "0"), "MessageStatus": "sent", "From": THIRD, "To": customer}
    assert scene.post(told, TEXTS_TOKEN, **status).status_code == 403
    assert scene.post(told, SPARE_TOKEN, **status).status_code == 204
    scene.bot.answers = [[{"response_type": "text", "text": "Still me."}]]
    assert scene.text("who is this?", customer, THIRD, TEXTS_TOKEN).status_code == 403
    assert scene.text("who is this?", customer, THIRD, SPARE_TOKEN).status_code == 200
    until(lambda: scene.spare.texts(customer)[1:] == [(THIRD, "Still me.")])
    assert scene.texts.texts(customer) == []
    assert scene.spare.strangers == []


def test_two_shut_accounts_leave_a_dead_letter(scene: Scene) -> None:
    """Neither takes it: it is listed with the carrier's reason, once; nothing was sent."""
    scene.texts.shut = scene.spare.shut = {"code": 20005, "message": "no", "status": 401}
    assert scene.write(GIL, "Hello").status_code == 202
    until(lambda: "account_suspended" in scene.host.get("/api/v1/dead-letters").text)
    assert scene.spare.texts(GIL) == scene.texts.texts(GIL) == []
    scene.texts.shut = scene.spare.shut = None

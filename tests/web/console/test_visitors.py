"""Who may look at the console, who may act, and what a foreign page, a stolen cookie or a guesser gets."""

from __future__ import annotations

import pytest

from orchestrator.web.api import Tokens
from orchestrator.web.console import ConsoleFacts
from orchestrator.web.console.visitors import TRIES, WINDOW
from tests.web.console.desk import Console, opened
from tests.web.house import FULL, READING, Api, problem, take_away

pytestmark = pytest.mark.anyio

PAGES = ["/", "/sessions/x", "/texts", "/flow", "/records", "/settings", "/nothing"]
DATA = ["/live.json", "/live.csv", "/stream", "/parts", "/sessions/x/stream", "/texts.csv", "/records.json"]


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_sends_a_stranger_to_the_sign_in(console: Console, path: str) -> None:
    """Every page does, and the sign-in knows the way back."""
    answer = await console.browser().get(f"{path}?q=1")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/console/sign-in?next=%2Fconsole{path.replace('/', '%2F')}%3Fq%3D1"


@pytest.mark.parametrize("path", DATA)
async def test_data_is_refused_to_a_stranger(console: Console, path: str) -> None:
    """Files and streams say 401."""
    assert (await console.browser().get(path)).status_code == 401


async def test_the_sign_in_leads_on_to_the_page_that_was_asked_for(console: Console) -> None:
    """With the full token or the reading one; whoever is in already is led on at once."""
    for token in ("full-token", "reading-token"):
        browser = console.browser()
        answer = await browser.sign_in(token, next="/console/flow?x=1")
        assert (answer.status_code, answer.headers["location"]) == (303, "/console/flow?x=1")
        assert (await browser.get("/flow")).status_code == 200
        assert (await browser.get("/sign-in")).status_code == 303


@pytest.mark.parametrize(
    "asked",
    [
        "https://evil.example/",
        "//evil.example",
        "/console//evil.example",
        "/\\evil.example",
        "/api/v1/x",
        "x",
    ],
)
async def test_the_sign_in_never_leads_elsewhere(console: Console, asked: str) -> None:
    """An address of another site in `next` is passed over."""
    assert (await console.browser().sign_in(next=asked)).headers["location"] == "/console/"


@pytest.mark.parametrize("token", ["", "wrong", "full-token2", "Full-token", "\ud83d", "a" * 3000])
async def test_a_wrong_token_opens_nothing(console: Console, token: str) -> None:
    """It gets the form again with the reason, and no cookie."""
    browser = console.browser()
    answer = await browser.post(
        "/sign-in", data={"token": token.encode("utf-8", "surrogatepass").decode("latin-1")}
    )
    assert answer.status_code == 403
    assert "not a token of this service" in answer.text
    assert "set-cookie" not in answer.headers
    assert (await browser.get("/")).status_code == 303


async def test_without_tokens_nobody_is_let_in(api: Api) -> None:
    """An empty token is no token."""
    async with opened(api, Tokens()) as console:
        assert (await console.browser().sign_in("")).status_code == 403
        assert (await console.browser().get("/", headers=FULL)).status_code == 303


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(console: Console) -> None:
    """`HttpOnly; SameSite=Strict`, over https `Secure` under a name that browsers hold to it."""
    plain = (await console.browser().sign_in()).headers["set-cookie"]
    assert "HttpOnly" in plain
    assert "samesite=strict" in plain.lower()
    secure = (await console.browser(base="https://tandem.test").sign_in()).headers["set-cookie"]
    assert secure.startswith("__Host-tandem=")
    assert "Secure" in secure
    assert "full-token" not in plain + secure


async def test_behind_a_proxy_the_public_address_makes_the_cookie_secure(api: Api) -> None:
    """The proxy speaks http to us; the browser came by https."""
    async with opened(api, facts=ConsoleFacts(public_url="https://tandem.test")) as console:
        assert "Secure" in (await console.browser().sign_in()).headers["set-cookie"]
        through = await console.browser(base="http://10.0.0.1").post(
            "/sign-in", data={"token": "full-token"}, headers={"X-Forwarded-Proto": "https"}
        )
        assert "Secure" in through.headers["set-cookie"]


async def test_a_cookie_is_worth_nothing_after_the_sign_out(api: Api, console: Console) -> None:
    """A copy of it opens nothing any more, in any process."""
    browser = await console.signed_in()
    async with opened(api) as other:
        thief = other.browser()
        thief.client.cookies = browser.client.cookies.__class__(browser.client.cookies)
        assert (await thief.get("/")).status_code == 200
        answer = await browser.post("/sign-out", data={"csrf": await browser.csrf()})
        assert (answer.status_code, answer.headers["location"]) == (303, "/console/sign-in")
        assert (await thief.get("/")).status_code == 303
        assert (await thief.get("/live.json")).status_code == 401
        assert (await browser.get("/")).status_code == 303


async def test_a_visit_ends_with_its_token(api: Api, console: Console) -> None:
    """A token that is taken out of the configuration takes its visits along; what it may is looked up anew."""
    browser = await console.signed_in()
    for tokens, status in ((Tokens(full=("other",)), 303), (Tokens(read_only=("full-token",)), 200)):
        async with opened(api, tokens) as later:
            again = later.browser()
            again.client.cookies = browser.client.cookies.__class__(browser.client.cookies)
            answer = await again.get("/")
            assert answer.status_code == status
            assert status == 303 or "read only" in answer.text


async def test_an_invented_cookie_opens_nothing(console: Console) -> None:
    """Only words that the service gave out are known."""
    for name in ("tandem_console", "__Host-tandem"):
        for word in ("", "x", "a" * 4000, "%00", "../../visit"):
            browser = console.browser()
            assert (await browser.get("/", headers={"Cookie": f"{name}={word}"})).status_code == 303


async def test_guessing_is_slowed(console: Console) -> None:
    """After ten wrong tokens an address waits, with the right one too; another address does not."""
    browser = console.browser()
    for _ in range(TRIES):
        assert (await browser.sign_in("guess")).status_code == 403
    for token in ("guess", "full-token"):
        answer = await browser.sign_in(token)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, str(int(WINDOW)))
    elsewhere = console.browser(peer="192.0.2.77")
    assert (await elsewhere.sign_in()).status_code == 303


async def test_a_reading_token_looks_and_does_nothing(console: Console) -> None:
    """Pages are shown with their actions off; whatever acts is 403, and nothing is done."""
    session_id = await console.api.session()
    browser = await console.signed_in("reading-token")
    page = (await browser.get(f"/sessions/{session_id}")).text
    assert 'data-action="send_text" disabled' in page
    problem(await browser.act(session_id, {"action": "end"}), 403, "read_only")
    csrf = {"X-CSRF-Token": await browser.csrf(), "Accept": "*/*"}
    body = {"assistant": "support", "to": "+15550101234"}
    for path in ("/messages", "/calls", "/customers/+15550101234/erase"):
        problem(await browser.post(path, json=body, headers=csrf), 403, "read_only")
    bearer = {**READING, "Accept": "*/*"}
    problem(await browser.post(f"/sessions/{session_id}/actions", headers=bearer, json={}), 403, "read_only")
    assert not console.api.desk.acts
    assert not console.api.desk.opens
    assert not console.api.desk.calls


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


@pytest.mark.parametrize("headers", FOREIGN)
async def test_a_page_of_another_site_can_do_nothing(console: Console, headers: dict[str, str]) -> None:
    """Even with the cookie and the page's word: not act, not sign in or out, not see numbers whole."""
    session_id = await console.api.session()
    browser = await console.signed_in()
    csrf = await browser.csrf()
    problem(await browser.act(session_id, {"action": "end"}, **headers), 403, "cross_site")
    for path, form in (("/sign-out", {"csrf": csrf}), ("/reveal", {"csrf": csrf, "reveals": "1"})):
        assert (await browser.post(path, data=form, headers=headers)).status_code == 403
    assert (await browser.post("/sign-in", data={"token": "full-token"}, headers=headers)).status_code == 403
    assert (await browser.get("/")).status_code == 200
    assert not console.api.desk.acts


@pytest.mark.parametrize("word", ["", "x", "Bearer"])
async def test_without_the_word_of_our_pages_nothing_is_done(console: Console, word: str) -> None:
    """A browser that says nothing of where a request comes from does not get by."""
    session_id = await console.api.session()
    browser = await console.signed_in()
    problem(await browser.act(session_id, {"action": "end"}, **{"X-CSRF-Token": word}), 403, "cross_site")
    assert (await browser.post("/sign-out", data={"csrf": word})).status_code == 403
    assert not console.api.desk.acts


async def test_our_own_origin_is_no_foreign_one(api: Api) -> None:
    """Neither the host that was asked for, nor the public one behind a proxy that renames it."""
    session_id = await api.session()
    async with opened(api, facts=ConsoleFacts(public_url="https://voice.example.com")) as console:
        browser = await console.signed_in()
        for origin in ("http://tandem.test", "https://voice.example.com"):
            answer = await browser.act(session_id, {"action": "end"}, Origin=origin)
            assert answer.status_code == 202


async def test_a_browsers_own_word_holds_behind_a_proxy_that_renames_the_host(console: Console) -> None:
    """`Sec-Fetch-Site` is the browser's, which no page can forge."""
    session_id = await console.api.session()
    browser = await console.signed_in()
    named = {"Origin": "https://inside.example", "Sec-Fetch-Site": "same-origin"}
    assert (await browser.act(session_id, {"action": "end"}, **named)).status_code == 202


LOOPBACK = Tokens(full=("t",), open_to_loopback=True)


async def test_the_demo_needs_no_sign_in_on_this_machine(api: Api) -> None:
    """Loopback peers under a name of this machine look and act; others, and pages of other sites, do not."""
    session_id = await api.session()
    async with opened(api, LOOPBACK) as console:
        here = console.browser(peer="127.0.0.1", base="http://127.0.0.1:8080")
        assert (await here.get("/")).status_code == 200
        assert (await here.act(session_id, {"action": "end"})).status_code == 202
        foreign = await here.act(session_id, {"action": "end"}, Origin="https://evil.example")
        assert foreign.status_code in {401, 403}
        assert len(api.desk.acts) == 1
        rebound = console.browser(peer="127.0.0.1", base="http://evil.example:8080")
        assert (await rebound.get("/")).status_code == 303
        assert (await console.browser().get("/")).status_code == 303


async def test_a_bearer_token_reads_files(console: Console) -> None:
    """Tools need no cookie for the lists."""
    browser = console.browser()
    assert (await browser.get("/live.json", headers=READING)).status_code == 200
    assert (await browser.get("/live.json", headers={"Authorization": "Bearer no"})).status_code == 401


async def test_a_store_that_is_away_is_told(console: Console) -> None:
    """The sign-in and the pages answer 503, and nobody is let in by that."""
    browser = await console.signed_in()
    take_away(console.api.store, "visit", "count_try", "keep_visit")
    assert (await browser.get("/")).status_code == 503
    assert (await console.browser().sign_in()).status_code == 503


async def test_a_form_has_a_bound(console: Console) -> None:
    """More than a sign-in needs is refused unread."""
    assert (await console.browser().sign_in("x" * 20_000)).status_code == 413

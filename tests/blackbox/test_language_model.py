"""A language model over a real socket: it is spoken while it streams, texts in the call, and is cut short."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.blackbox.driver import Bot, Carrier, Service, until
from tests.blackbox.llm import LanguageModel
from tests.blackbox.relay import RelayCall

KEY = "sk-the-models-key"


@pytest.fixture
def world(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Service, LanguageModel, Carrier]]:
    """A service whose assistant is a language model and whose calls a socket carries."""
    monkeypatch.setenv("TANDEM_ASSISTANTS__SUPPORT__PHONE__ENGINE", "relay")
    model, silent, carrier = LanguageModel(), Bot(), Carrier()
    backend = (
        f"{{kind: openai, base_url: '{model.url}', model: small, api_key: {KEY}, system_prompt: Shoes.}}"
    )
    service = Service(tmp_path, silent, carrier, backend=backend)
    try:
        yield service, model, carrier
    finally:
        service.close()
        model.close()
        silent.server.close()
        carrier.server.close()


def test_a_whole_conversation(world: tuple[Service, LanguageModel, Carrier]) -> None:
    """The greeting is heard before it is whole; a tool call texts in the call and the reply comes back; what the
    caller cut off is not in the history; the key is in no log.
    """
    service, model, carrier = world
    ask = {"text": "Your address?", "say": "I have texted you.", "keep_as": "address"}
    model.answers = [
        ["Hello, this is the shop. ", 0.8, "How can I help?"],
        [{"name": "ask_for_text", "arguments": ask}],
        ["Thank you. ", "It leaves on Monday. ", "It comes by Friday."],
        ["Fine."],
    ]
    call = RelayCall(service)
    call.start()
    call.connect()
    until(lambda: call.heard("Hello, this is the shop."))
    assert not call.heard("How can I help?")
    until(lambda: call.heard("How can I help?"))
    assert call.spoken.count("Hello") == 1
    call.says("I moved")
    until(lambda: call.heard("I have texted you."))
    until(lambda: [form["Body"] for form in carrier.messages] == ["Your address?"])
    service.text("12 Elm Road")
    until(lambda: call.heard("by Friday."))
    assert model.messages()[-2][0] == "tool"
    assert model.messages()[-1][1].endswith("12 Elm Road")
    until(lambda: call.frames[-1]["last"])
    call.send(type="interrupt", utteranceUntilInterrupt="Thank you. It leaves", durationUntilInterruptMs=300)
    call.says("never mind")
    until(lambda: call.heard("Fine."))
    assert model.messages()[-2:] == [("assistant", "Thank you. It leaves"), ("user", "never mind")]
    assert set(model.keys) == {f"Bearer {KEY}"}
    assert KEY not in service.said()
    call.drop()

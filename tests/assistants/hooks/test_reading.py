"""What hooks answer: read tolerantly where nothing is meant, refused where something is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from orchestrator.assistants.hooks.reading import After, Before, read_after, read_before
from orchestrator.core.errors import AssistantError
from orchestrator.core.items import ForceTurn, Text, Unsupported

JSON = "application/json"


def packed(value: Any) -> bytes:
    """A body."""
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    "body", [b"", b"  \n", b"{}", b'{"thanks": 1}', b'{"responses": null, "context": null}']
)
def test_nothing_is_changed_by_nothing(body: bytes) -> None:
    """No body, and one without our fields, change nothing, whatever hook it is."""
    assert read_before(JSON, body) == Before()
    assert read_after(JSON, body, ()) == After()


@pytest.mark.parametrize(
    "value",
    [
        [],
        "Hello",
        {"input": "Hello"},
        {"input": {"text": None}},
        {"input": {"type": "song"}},
        {"input": {"media": {}}},
        {"input": {"confidence": "high"}},
        {"context": "a"},
        {"responses": {}},
        {"skip": "yes"},
    ],
)
def test_wrong_answers_are_refused(value: Any) -> None:
    """Each wrong field is told by its name, without what stood in it."""
    with pytest.raises(AssistantError) as caught:
        read_before(JSON, packed(value))
    assert caught.value.reason == "malformed"
    assert not caught.value.retryable


@pytest.mark.parametrize(
    ("kind", "body"), [("text/html", b"<p>"), (JSON, b"{"), (JSON, b'{"context": {"a": NaN}}')]
)
def test_what_is_no_json_is_refused(kind: str, body: bytes) -> None:
    """Other types, broken JSON, and what JSON does not know."""
    with pytest.raises(AssistantError, match="malformed"):
        read_after(kind, body, ())


def test_half_a_character_can_be_stored() -> None:
    """Half of a surrogate pair is replaced, as it could be neither stored nor sent."""
    told = read_before(JSON, b'{"input": {"text": "a\\ud83d"}}')
    told.input["text"].encode()


@pytest.mark.parametrize("index", [1, -1, True, "0", None])
def test_a_kept_item_must_be_one(index: Any) -> None:
    """An index that names no item is refused; one that does stands for it."""
    given = (ForceTurn(),)
    assert (
        read_after(JSON, packed({"responses": [{"response_type": "kept", "index": 0}]}), given).items == given
    )
    with pytest.raises(AssistantError):
        read_after(JSON, packed({"responses": [{"response_type": "kept", "index": index}]}), given)


def test_a_malformed_item_is_skipped_alone() -> None:
    """The others stand, and the timeline tells of it."""
    found = read_after(
        JSON, packed({"responses": [{"response_type": "pause"}, {"response_type": "text", "text": "a"}]}), ()
    )
    assert found.items is not None
    assert [type(item) for item in found.items] == [Unsupported, Text]


def test_a_skip_without_words_is_an_answer_without_items() -> None:
    """With words it is those."""
    assert read_before(JSON, packed({"skip": True})).items == ()
    assert read_before(JSON, packed({"skip": False})).items is None
    words = {"skip": True, "responses": [{"response_type": "text", "text": "a"}]}
    assert read_before(JSON, packed(words)).items == (Text(text="a"),)

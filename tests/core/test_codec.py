"""What is stored is read again as it was, by this release, the one before and the one after."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.core import codec, effects, events, items, session
from orchestrator.core.codec import UnreadableError, dump, load

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-1000, 1000), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(["a", "b", "_"]), inner, max_size=2)
    ),
    max_leaves=4,
)
st.register_type_strategy(dict, st.dictionaries(st.sampled_from(["a", "b"]), JSON, max_size=2))
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False, width=32))

STORED: tuple[Any, ...] = (
    *get_args(events.Event),
    *get_args(effects.Effect),
    *get_args(effects.Verb),
    *get_args(effects.Ending),
    *get_args(items.Item),
    events.InboundMedia,
    effects.Document,
    items.Choice,
    session.Spoken,
    session.Call,
    session.Question,
    session.Thread,
    session.Turn,
    session.Switch,
    session.Session,
)


def value_of(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a stored class: each field as its type says."""
    hints = get_type_hints(kind)
    return st.builds(kind, **{entry.name: part_of(hints[entry.name]) for entry in fields(kind)})


def part_of(hint: Any) -> st.SearchStrategy[Any]:
    """A value of one field; data of others is any JSON object, mappings of ours keep their types."""
    if is_dataclass(hint):
        return value_of(hint)
    if getattr(hint, "__origin__", None) is tuple:
        return st.lists(part_of(get_args(hint)[0]), max_size=2).map(tuple)
    if any(is_dataclass(option) for option in get_args(hint)):
        return st.one_of(*(part_of(option) for option in get_args(hint)))
    if getattr(hint, "__origin__", None) is dict:
        text, content = get_args(hint)
        return st.dictionaries(
            st.from_type(text), JSON if content is Any else st.from_type(content), max_size=2
        )
    strategy: st.SearchStrategy[Any] = st.from_type(hint)
    return strategy


@pytest.mark.parametrize("kind", STORED, ids=lambda kind: str(kind.__name__))
def test_every_stored_class_comes_back(kind: Any) -> None:
    """Any value of a stored class is plain JSON once dumped, and the same value once loaded."""

    @settings(max_examples=50)  # a class has few fields, and each kind of field comes in many classes
    @given(value_of(kind))
    def comes_back(value: Any) -> None:
        written = json.loads(json.dumps(dump(value)))
        assert load(kind, written) == value
        assert type(load(kind, written)) is kind

    comes_back()


@given(st.one_of(*(value_of(kind) for kind in get_args(events.Event))))
def test_a_union_is_read_by_the_name_of_the_class(event: events.Event) -> None:
    """An event is read as the class that it was, out of all of them."""
    assert load(events.Event, json.loads(json.dumps(dump(event)))) == event


@dataclass(frozen=True, slots=True, kw_only=True)
class Older:
    """A class as an earlier release knew it."""

    id: str
    kept: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Newer:
    """The same class as a later release writes it."""

    id: str
    kept: int = 1
    added: str = "new"
    parts: tuple[str, ...] = ("a",)


def renamed(value: Any, name: str) -> Any:
    """What is stored, as if the class had this name."""
    return {**dump(value), codec.TAG: name}


def test_unknown_fields_are_dropped() -> None:
    """A field that a later release added is dropped by an earlier one."""
    stored = renamed(Newer(id="1", kept=2, added="x", parts=("b", "c")), "Older")
    assert stored["added"] == "x"
    assert load(Older, stored) == Older(id="1", kept=2)


def test_missing_fields_take_their_defaults() -> None:
    """A field that an earlier release did not write has its default."""
    assert load(Newer, renamed(Older(id="1"), "Newer")) == Newer(id="1")


def test_defaults_are_not_stored() -> None:
    """What has its default takes no room; a field without default is always there."""
    assert dump(Newer(id="1")) == {"_": "Newer", "id": "1"}
    assert dump(Newer(id="1", parts=())) == {"_": "Newer", "id": "1", "parts": []}


@pytest.mark.parametrize("stored", [{"_": "Tomorrow"}, {"id": "1"}, {}])
def test_unknown_class_is_unreadable(stored: dict[str, Any]) -> None:
    """A class that this release does not know, or none at all, is an error that names what was looked for."""
    with pytest.raises(UnreadableError, match="no CallStarted/SpeechHeard"):
        load(events.Event, stored)
    with pytest.raises(UnreadableError, match="Older"):
        load(Older, stored)


def test_scalars_and_mappings_pass_through() -> None:
    """Data of others stays as it is, also where it looks like ours."""
    context = {"_": "Newer", "deep": [{"_": "Older"}]}
    stored = session.to_document(session.Session(id="S", assistant="a", customer=None, context=context))
    assert session.from_document(stored).context == context
    assert load(int, 5) == 5
    assert load(str | None, None) is None
    assert load(session.Call | None, None) is None

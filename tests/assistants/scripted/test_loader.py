"""Mistakes in scripts, each with its place."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.assistants.scripted import ScriptError, load_script, parse_script
from orchestrator.assistants.scripted.compile import VERBS
from orchestrator.assistants.scripted.model import Put


@pytest.mark.parametrize(
    ("source", "place", "message"),
    [
        ("", "1:1", "the file is empty"),
        ("a: [", "1:5", "not YAML"),
        ("[]", "1:1", "expected start"),
        ("stepps: {a: [x]}\nsteps: {a: [x]}", "1:1", "a script has no `stepps`; did you mean `steps`?"),
        ("start: a", "1:1", "`steps` must name at least one step"),
        ("steps: {}", "1:8", "`steps` must name at least one step"),
        ("steps: {a: x}", "1:9", "step `a` expects a list"),
        ("steps: {a: [x], a: [y]}", "1:17", "`a` stands here twice"),
        ("start: b\nsteps: {a: [x]}", "1:8", "there is no step `b`"),
        ("steps: {welcome: [{go: welcom}]}", "1:24", "did you mean `welcome`?"),
        ("steps: {a: [{if: x, then: Hello you}]}", "1:27", "to say it, write `say:` before it"),
        ("steps: {a: [{sya: x}]}", "1:14", "did you mean `say`?"),
        ("steps: {a: [{say: x, retry: y}]}", "1:22", "`retry` is nothing that a script can do here"),
        ("steps: {a: [[x]]}", "1:13", "expected something to say or to do"),
        ("steps: {a: [{ask: x}]}", "1:19", "`ask` needs `keep_as`"),
        ("steps: {a: [{ask: x, keep_as: _y}]}", "1:19", "`ask` needs `keep_as`"),
        ("steps: {a: [{ask: x, keep_as: y, like: digit}]}", "1:40", "did you mean `digits`?"),
        ("steps: {a: [{ask: x, keep_as: y, pattern: (}]}", "1:43", "not a pattern"),
        ("steps: {a: [{ask: x, keep_as: y, tries: 0}]}", "1:41", "how many tries"),
        ("steps: {a: [{ask: x, keep_as: y, retry: [z]}]}", "1:41", "`retry` expects text"),
        ("steps: {a: [{choose: x}]}", "1:22", "`choose` needs `options`"),
        ("steps: {a: [{listen: [{say: x}]}]}", "1:23", "a rule begins with `when`"),
        ("steps: {a: [{listen: x}]}", "1:22", "`listen` expects a list of rules"),
        ("steps: {a: [{if: x}]}", "1:18", "`if` needs `then`"),
        ("steps: {a: [{if: {chanel: sms}, then: a}]}", "1:19", "did you mean `channel`?"),
        ("steps: {a: [{if: {channel: fax}, then: a}]}", "1:28", "`channel` is one of voice, sms"),
        ("steps: {a: [{if: '/(/', then: a}]}", "1:18", "not a pattern"),
        ("steps: {a: [{if: 'x,,y', then: a}]}", "1:18", "expected words"),
        ("steps: {a: [{set: x}]}", "1:19", "`set` expects names and values"),
        ("steps: {a: [{set: {_x: 1}}]}", "1:19", "kept for the dialogue itself"),
        ("steps: {a: [{go: [x]}]}", "1:18", "expected the name of a step"),
        ("steps: {a: [{repeat: x}]}", "1:22", "nothing stands behind this"),
        ("steps: {a: [{any_of: x}]}", "1:22", "expected a list of variants"),
        ("steps: {a: [{any_of: [{go: a}]}]}", "1:23", "a variant is a text"),
        ("steps: {a: ['{contxt.x}']}", "1:13", "did you mean `context`?"),
        ("steps: {a: ['{context.x:spaced} {context.x:spced}']}", "1:13", "did you mean `spaced`?"),
        ("steps: {a: [{transfer: nobody}]}", "1:24", "transfer: `to`: expected a number"),
        ("steps: {a: [{send_text: {txt: x}}]}", "1:26", "`send_text` has no `txt`; did you mean `text`?"),
        ("steps: {a: [{item: {response_type: carousel}}]}", "1:20", "unknown response type"),
        ("events: {call_start: [x]}\nsteps: {a: [x]}", "1:10", "did you mean `call_started`?"),
        ("events: x\nsteps: {a: [x]}", "1:9", "`events` expects events"),
        ("anytime: [{say: x}]\nsteps: {a: [x]}", "1:11", "a rule begins with `when`"),
        ("anytime: x\nsteps: {a: [x]}", "1:10", "`anytime` expects a list"),
        ("steps: &a {x: [*a]}", "1:8", "nested deeper"),
    ],
)
def test_mistakes(source: str, place: str, message: str) -> None:
    """A mistake is told with line, column, the line itself and what was meant."""
    with pytest.raises(ScriptError) as caught:
        parse_script(source, "shop.yaml")
    told = [str(problem) for problem in caught.value.problems]
    assert any(line.startswith(f"shop.yaml:{place}: ") and message in line for line in told), told


def test_the_caret() -> None:
    """The caret stands under the mistake."""
    with pytest.raises(ScriptError) as caught:
        parse_script("steps:\n  a:\n    - go: b\n", "shop.yaml")
    assert str(caught.value).splitlines()[1:] == ["        - go: b", "              ^"]


def test_every_mistake_at_once() -> None:
    """All mistakes are told, in the order of the file."""
    with pytest.raises(ScriptError) as caught:
        parse_script("steps:\n  a: [{go: x}, {sya: y}]\n  b: [{ask: z}]\n")
    assert [problem.line for problem in caught.value.problems] == [2, 2, 3]


def test_aliases_do_not_explode() -> None:
    """A few lines of aliases cannot fill the memory."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"] + [
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)
    ]
    with pytest.raises(ScriptError, match="too much text"):
        parse_script("\n".join(lines))


def test_text_stays_text() -> None:
    """No scalar turns into a number, a truth or a time."""
    script = parse_script("steps: {no: [{set: {a: NO, b: 1:30, c: +15550101234, d: null, e: 'null'}}]}")
    put = script.steps["no"].ops[0]
    assert isinstance(put, Put)
    assert put.values == {"a": "NO", "b": "1:30", "c": "+15550101234", "d": None, "e": "null"}


def test_files(tmp_path: Path) -> None:
    """A file that cannot be read or decoded is a mistake like others."""
    bad = tmp_path / "bad.yaml"
    bad.write_bytes(b"\xff\xfe\x00")
    for path, message in (
        (tmp_path / "none.yaml", "cannot be read"),
        (bad, "not UTF-8"),
        (tmp_path, "cannot be read"),
    ):
        with pytest.raises(ScriptError, match=message):
            load_script(path)


WORDS = st.sampled_from(
    [
        *VERBS,
        "when",
        "then",
        "else",
        "options",
        "keep_as",
        "otherwise",
        "a",
        "{input}",
        "{x}",
        "1s",
        "/(/",
        "+15550101234",
    ]
)
TREES = st.recursive(
    WORDS | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=12,
)


@given(TREES)
def test_any_tree_is_read_or_refused(tree: object) -> None:
    """Whatever stands in a step, it is a script or a list of mistakes."""
    source = json.dumps({"steps": {"a": [tree]}, "anytime": [tree], "events": {"resume": tree}})
    with contextlib.suppress(ScriptError):
        assert parse_script(source).steps

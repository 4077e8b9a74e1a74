"""What the lint finds in scripts that can be read."""

from __future__ import annotations

import pytest

from orchestrator.assistants.scripted import DEMO, lint, load_script, parse_script


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ("a: [x, {finish: }]\n  b: [{finish: }]", ["3:3 warning: nothing leads to the step `b`"]),
        ("a: [{go: b}, x]\n  b: [{finish: }]", ["2:16 warning: this is never reached"]),
        ("a: [{go: b}]\n  b: [x, {go: a}]", ["2:12 goes round without asking the customer anything"]),
        ("a: [{visit: a}, {finish: }]", ["2:15 goes round without asking"]),
        (
            "a: [{if: {has: x}, then: b}, {finish: }]\n  b: [{go: a}]",
            ["warning: goes round without asking the customer anything, unless"],
        ),
        ("a: [x, y]", ["2:10 warning: the dialogue runs out here"]),
        ("a: [{if: x, then: {say: y}, else: {hang_up: z}}]", ["2:27 warning: the dialogue runs out here"]),
        (
            "a: [{choose: x, options: {y: b, z: null}}]\n  b: [{hang_up: bye}]",
            ["warning: the dialogue runs out here"],
        ),
        ("a: [{hang_up: bye}]", []),
        (
            "a: [{ask_for_text: x}, {go: a}]",
            ["2:22 warning: the text may not come: say where to go on, with `late` and `failed`"],
        ),
        ("a: [{ask: x, keep_as: y}, {go: a}]", []),
        ("a: [{listen: [{when: x, go: a}]}]", []),
        ("a: [{visit: b}, {finish: }]\n  b: [x]", []),
        ("a: [{ask: x, keep_as: y, give_up: b}, {go: a}]\n  b: [{end_session: }]", []),
    ],
)
def test_findings(steps: str, found: list[str]) -> None:
    """Parts out of reach, circles and loose ends are told at their place, and nothing else."""
    told = [
        str(p).splitlines()[0].removeprefix("script.yaml:").replace(": ", " ", 1)
        for p in lint(parse_script(f"steps:\n  {steps}"))
    ]
    assert len(told) == len(found), told
    assert all(part in line for part, line in zip(found, told, strict=True)), told


def test_the_demo_is_clean() -> None:
    """The demo's script has nothing to find."""
    assert lint(load_script(DEMO)) == []

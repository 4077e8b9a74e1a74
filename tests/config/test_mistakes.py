"""Every kind of mistake is told at its place, with its remedy and without secrets."""

from __future__ import annotations

import pytest

from tests.config.texts import ENVIRON, TOKEN, changed, refused
from tests.config.wrong import MISTAKES, Wrong

HIDDEN_WORDS = (TOKEN, "zQ81-vv", "c2VjcmV0", *ENVIRON.values())


@pytest.mark.parametrize("wrong", MISTAKES, ids=lambda wrong: wrong.name)
def test_a_mistake_is_told_at_its_place(wrong: Wrong) -> None:
    """The report names file, line, column and key, shows a caret and the remedy, and no secret."""
    report = str(refused(changed(wrong.old, wrong.new)))
    assert f"tandem.yaml:{wrong.where}: " in report
    assert wrong.remedy in report
    assert "Traceback" not in report
    assert not [word for word in HIDDEN_WORDS if word in report]


@pytest.mark.parametrize("wrong", MISTAKES, ids=lambda wrong: wrong.name)
def test_the_caret_stands_under_the_column(wrong: Wrong) -> None:
    """Where nothing before it is hidden, the caret's column is the one in the head."""
    error = refused(changed(wrong.old, wrong.new))
    for problem, block in zip(error.problems, str(error).split("\n\n"), strict=True):
        head, line, caret = block.splitlines()[:3]
        before = line[line.index("|") + 2 :][: problem.place.column - 1]
        assert head.startswith(f"tandem.yaml:{problem.place.line}:{problem.place.column}: ")
        if "•••" not in before and "\t" not in before:
            assert caret.index("^") - line.index("|") - 2 == problem.place.column - 1


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    """Five mistakes, five entries, in the order of the file."""
    text = changed("https://voice", "http://voice").replace("kind: http", "kind: htpp", 1)
    text = text.replace("redis://", "reddis://").replace("[+1 958 555 0123]", "[+1 (958) 555 0123]")
    error = refused(text)
    assert [(problem.place.line, problem.path) for problem in error.problems] == [
        (2, "service.public_url"),
        (3, "service.redis_url"),
        (9, "assistants.support.backend.kind"),
        (13, "assistants.support.phone.numbers[0]"),
        (17, "assistants.support.messaging.numbers[0]"),
    ]


def test_an_empty_file_tells_what_it_needs() -> None:
    """Nothing at all is told as two missing sections."""
    for text in ("", "# nothing\n", "{}"):
        assert [problem.path for problem in refused(text).problems] == ["assistants", "service"]


def test_a_file_of_another_shape_is_told() -> None:
    """A list or a text in place of the whole mapping."""
    assert "is a list, not a mapping" in str(refused("- a\n- b\n"))
    assert "is a text, not a mapping" in str(refused("hello"))


def test_a_number_of_two_assistants_is_told_at_the_second() -> None:
    """A number belongs to one integration of each kind only; phone and messaging may share it."""
    text = changed("assistants:\n", "assistants:\n  sales:\n    backend: {kind: scripted}\n"
                   "    phone: {numbers: [+19585550123], base_url: simulator}\n")  # fmt: skip
    (problem,) = refused(text).problems
    assert problem.path == "assistants.support.phone.numbers[0]"
    assert problem.message == "this number already belongs to assistants.sales.phone.numbers, line 9"


def test_an_assistant_that_nobody_reaches_is_told() -> None:
    """Neither phone nor messaging is a mistake."""
    text = changed("assistants:\n", "assistants:\n  sales:\n    backend: {kind: scripted}\n")
    (problem,) = refused(text).problems
    assert (problem.path, problem.message) == ("assistants.sales", "has no channel")

"""Whatever a file holds, it is settings or a ConfigError; and no report shows what is marked secret."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from config import ConfigError, load, parse
from config.hiding import secrecy
from config.yaml_text import MAX_NODES
from tests.config.texts import ENVIRON, RIGHT, TOKEN, refused

SIGNS = st.sampled_from(
    [*"[]{},:#&*!|>'\"%@`-?~$ \t\n\r\x00\x85\u2028\ufeff", "${", ": ", "- ", "\n  ", "<<", "---"]
)
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*secrecy(), "support", "x"]), inner, max_size=5)
    ),
    max_leaves=20,
)


def failed(text: str) -> ConfigError | None:
    """The error of a text, None when it passes; any other exception goes through."""
    try:
        parse(text, environ=ENVIRON)
    except ConfigError as error:
        return error
    return None


def tried(text: str) -> None:
    """Read a text; a ConfigError with at least one mistake is fine, anything else is not."""
    error = failed(text)
    assert error is None or (error.problems and "Traceback" not in str(error))


@given(st.text(max_size=80))
@example("a: &a [*a]")
@example("? {a: b}\n: c")
@example("\ufeff\ufeff")
@example("!!python/object:os.system x")
@example("%YAML 9.9\n---\na")
@example("a: 1\r\x85b: [\u2028")
def test_any_text_is_settings_or_an_error(text: str) -> None:
    """Random text of any characters."""
    tried(text)


@given(TREES)
def test_any_tree_is_settings_or_an_error(tree: object) -> None:
    """Random mappings of known keys to values of any type."""
    tried(yaml.safe_dump(tree, allow_unicode=True))


@given(st.integers(0, len(RIGHT)), st.integers(0, 12), st.lists(SIGNS, max_size=3).map("".join))
@settings(max_examples=300)
def test_a_damaged_file_is_settings_or_an_error(start: int, length: int, put: str) -> None:
    """A piece of the right file replaced by YAML's own signs."""
    tried(RIGHT[:start] + put + RIGHT[start + length :])


@given(st.integers(0, len(RIGHT)), SIGNS)
@settings(max_examples=300)
def test_no_sign_put_in_brings_a_secret_to_light(place: int, put: str) -> None:
    """One sign anywhere in the right file: the tokens in it are not shown, whole or cut in two."""
    damaged = RIGHT[:place] + put + RIGHT[place:]
    report = str(failed(damaged) or "")
    assert TOKEN not in report
    assert TOKEN[:8] not in report
    assert TOKEN[-8:] not in report


def test_depth_and_growth_are_bounded() -> None:
    """Endless nesting and aliases of aliases end in an error, soon."""
    tried("[" * 20_000)
    growing = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))
    assert "aliases multiply" in str(refused(growing))
    assert MAX_NODES < 100_000


def test_files_that_cannot_be_read_are_errors(tmp_path: Path) -> None:
    """No file, a folder, binary data, a huge file, an impossible name."""
    (tmp_path / "binary").write_bytes(b"service:\n  a: \xff\xfe")
    (tmp_path / "huge").write_bytes(b"#" * 1_100_000)
    told = {
        "none": "no such file",
        ".": "is a directory",
        "binary": "UTF-8",
        "huge": "1 MiB",
        "\0": "not a path",
    }
    for name, words in told.items():
        with pytest.raises(ConfigError, match=words):
            load(tmp_path / name, {})

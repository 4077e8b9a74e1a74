"""Values that a JSON schema of `/openapi.json` permits, and values that are nearly so."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
JSON: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)
Schema = dict[str, Any]


class Generator:
    """`generator.of(schema)`: values that satisfy it; references lead into the document."""

    def __init__(self, document: Schema) -> None:
        self._schemas = document["components"]["schemas"]
        self._made: dict[str, Callable[[Schema], st.SearchStrategy[Any]]] = {
            "null": lambda _: st.none(),
            "boolean": lambda _: st.booleans(),
            "integer": lambda schema: st.integers(schema.get("minimum"), schema.get("maximum")),
            "number": lambda schema: st.floats(
                schema.get("minimum"), schema.get("maximum"), allow_nan=False, allow_infinity=False
            ),
            "string": words,
            "array": self._list,
            "object": self._object,
        }

    def of(self, schema: Schema) -> st.SearchStrategy[Any]:
        """What satisfies the schema."""
        if "$ref" in schema:
            return self.of(self._schemas[schema["$ref"].rsplit("/", 1)[1]])
        for word in ("oneOf", "anyOf"):
            if word in schema:
                return st.one_of([self.of(part) for part in schema[word]])
        if "const" in schema:
            return st.just(schema["const"])
        if "enum" in schema:
            return st.sampled_from(schema["enum"])
        if "type" not in schema:
            return JSON
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        return st.one_of([self._made[kind](schema) for kind in kinds])

    def _list(self, schema: Schema) -> st.SearchStrategy[Any]:
        least = schema.get("minItems", 0)
        return st.lists(self.of(schema["items"]), min_size=least, max_size=max(least, 2))

    def _object(self, schema: Schema) -> st.SearchStrategy[Any]:
        fields = {name: self.of(part) for name, part in schema.get("properties", {}).items()}
        if not fields:
            more = schema.get("additionalProperties", True)
            return st.dictionaries(st.text(max_size=5), JSON if more is True else self.of(more), max_size=2)
        needed = schema.get("required", [])
        return st.fixed_dictionaries(
            {name: fields[name] for name in needed},
            optional={name: values for name, values in fields.items() if name not in needed},
        )


def words(schema: Schema) -> st.SearchStrategy[str]:
    """Strings of a pattern, an address, or any."""
    least, most = schema.get("minLength", 0), min(schema.get("maxLength", 30), 30)
    if (
        schema.get("pattern") == r"\S"
    ):  # any that are not blank; made as a pattern they take ten times as long
        return st.text(min_size=1, max_size=most).filter(lambda text: bool(text.strip()))
    if "pattern" in schema:
        return st.from_regex(re.compile(schema["pattern"], re.ASCII), fullmatch=True)
    if schema.get("format") == "uri":
        return st.sampled_from(["https://x.test/a", "HTTP://x.test", "ftp://x.test/a"])
    if schema.get("format") == "date-time":
        return st.datetimes().map(lambda moment: f"{moment.isoformat()}Z")
    return st.text(min_size=least, max_size=most)


@st.composite
def spoilt(draw: st.DrawFn, values: st.SearchStrategy[Any]) -> Any:
    """One of the values with a field dropped, added, or replaced by something else."""
    value = draw(values)
    if not isinstance(value, dict) or not value:
        return value
    name = draw(st.sampled_from(sorted(value)))
    way = draw(st.sampled_from(["drop", "add", "replace", "inside"]))
    if way == "drop":
        return {key: kept for key, kept in value.items() if key != name}
    if way == "add":
        return {**value, draw(st.text(max_size=8)): draw(SCALARS)}
    if way == "inside" and isinstance(value[name], dict):
        return {**value, name: draw(spoilt(st.just(value[name])))}
    return {**value, name: draw(JSON)}

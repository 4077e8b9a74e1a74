"""Parts made from the edges: the items of an assistant's answer, the carrier's codes."""

from __future__ import annotations

from itertools import groupby

from channels.twilio.codes import _VERDICTS
from orchestrator.assistants.items import Row, reference
from tools.reference.markdown import code, table


def answer_items() -> str:
    """Every response type: what it does, then its fields."""
    return "\n\n".join(
        _item(name, list(rows)) for name, rows in groupby(reference(), key=lambda row: row.response_type)
    )


def _item(name: str, rows: list[Row]) -> str:
    rows_of_fields = [
        [code(row.field), row.kind, "required" if row.required else "", row.meaning]
        for row in rows
        if row.field
    ]
    head = f"### `{name}`\n\n{rows[0].meaning[:1].upper()}{rows[0].meaning[1:]}."
    return f"{head}\n\n{table(['field', 'is', '', 'meaning'], rows_of_fields)}" if rows_of_fields else head


def carrier_codes() -> str:
    """The carrier's error codes that Tandem knows, with the word that assistants and people see."""
    rows = [[str(number), verdict.kind, code(verdict.reason)] for number, verdict in _VERDICTS.items()]
    return table(["code", "class", "reason"], rows)

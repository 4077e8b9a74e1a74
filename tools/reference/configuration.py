"""The part made from the field table of `tandem.yaml`."""

from __future__ import annotations

from config.reference import fields
from tools.reference.markdown import code, table


def configuration() -> str:
    """Every key of `tandem.yaml`."""
    rows = [
        [code(key.path), key.type, "required" if key.required else code(key.default), key.meaning]
        for key in fields()
    ]
    return table(["key", "is", "default", "meaning"], rows)

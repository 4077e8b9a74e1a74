"""Files that commands write."""

from __future__ import annotations

from pathlib import Path

import typer


def write(path: Path, text: str, *, with_folders: bool = False) -> None:
    """Write a file, and the folders that it stands in if told so. Raises `typer.BadParameter`."""
    try:
        if with_folders:
            path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or "error").lower()
        raise typer.BadParameter(f"{path}: cannot be written: {reason}") from None

"""Every value of a configuration with where it came from: for `tandem check --explain` and the console."""

from __future__ import annotations

from config.origin import Origin
from config.settings import Settings


def origins(settings: Settings, under: str = "") -> list[Origin]:
    """The values in reading order, those at or below the path `under`; secrets are hidden."""
    return [
        origin
        for path, origin in settings.sources.items()
        if not under or path == under or path.startswith(f"{under}.")
    ]

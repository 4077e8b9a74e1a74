"""Where a value came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One value's origin. `shown` is the value for eyes: a secret is hidden.

    `source` is `default`, `file` or `environment`; `where` the `FILE:LINE` or the variable's name,
    empty for a default; `through` the `${...}` that the file's text took in.
    """

    path: str
    shown: str
    source: Literal["default", "file", "environment"]
    where: str = ""
    through: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """The origin in words: `default`, `tandem.yaml:12`, `tandem.yaml:12 (${NAME})`, a variable's name."""
        through = f" ({', '.join(self.through)})" if self.through else ""
        return f"{self.where or self.source}{through}"

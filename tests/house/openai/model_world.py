"""The house with a language model behind it."""

from __future__ import annotations

from typing import Any

from tests.fakes.model import API_KEY, BASE, FakeModel
from tests.fakes.world import World


class ModelWorld(World):
    """`World` whose assistant is `kind: openai`; `fields` are further keys of the backend."""

    def __init__(self, *, fields: str = "", **sections: Any) -> None:
        self.model = FakeModel()
        backend = (
            f"{{kind: openai, base_url: '{BASE}', model: small, api_key: {API_KEY},"
            f" system_prompt: 'You sell shoes.' {fields}}}"
        )
        super().__init__(backend=backend, hosts={"model.test": self.model}, **sections)

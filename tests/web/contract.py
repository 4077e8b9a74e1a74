"""`/openapi.json` as a judge: each answer of the API is held against what the document says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any

import httpx
import jsonschema

METHODS = ("get", "put", "post", "delete")


class Contract:
    """`await contract.judge(response)` fails where the answer is not one that the document declares.

    `seen` collects the operation and status of each answer.
    """

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.seen: set[tuple[str, int]] = set()
        self.closed = closed(document)
        self._paths = [(re.compile(re.sub(r"{\w+}", "[^/]+", path)), path) for path in document["paths"]]
        self._validator = cache(self._made)

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Method, path and description of each operation of the API."""
        for path, item in self.document["paths"].items():
            if path.startswith("/api/v1") or path == "/openapi.json":
                for method in METHODS:
                    if method in item:
                        yield method.upper(), path, item[method]

    @property
    def declared(self) -> set[tuple[str, int]]:
        """Each operation with each status that it may answer, a bug of ours (500) apart."""
        found = (
            (told["operationId"], int(status))
            for *_, told in self.operations()
            for status in told["responses"]
        )
        return {(name, status) for name, status in found if status != 500}

    async def judge(self, response: httpx.Response) -> None:
        """An answer of the API, as it came."""
        method, path = response.request.method, response.request.url.path
        item = self._paths_item(path)
        if method.lower() not in item:
            assert response.status_code in {401, 403, 405}, (method, path, response.status_code)
            return
        told = item[method.lower()]
        status = str(response.status_code)
        assert status in told["responses"], (method, path, status, response.content[:300])
        self.seen.add((told["operationId"], response.status_code))
        content = told["responses"][status].get("content", {})
        kind = response.headers.get("content-type", "").partition(";")[0]
        if not content:
            assert not await response.aread()
            return
        assert kind in content or "*/*" in content, (method, path, status, kind)
        if kind.endswith("json") and told["operationId"] != "describe":
            await response.aread()
            self._validator(told["operationId"], status, kind).validate(response.json())

    def body(self, operation: str) -> jsonschema.Draft202012Validator:
        """What the body of an operation is held against."""
        return self._validator(operation, "", "application/json")

    def _made(self, operation: str, status: str, kind: str) -> jsonschema.Draft202012Validator:
        told = next(told for *_, told in self.operations() if told["operationId"] == operation)
        place = told["responses"][status] if status else told["requestBody"]
        schema = {**place["content"][kind]["schema"], "components": self.closed["components"]}
        return jsonschema.Draft202012Validator(schema)

    def _paths_item(self, path: str) -> dict[str, Any]:
        exact = self.document["paths"].get(path)
        if exact is not None:
            return dict(exact)
        return next((self.document["paths"][name] for form, name in self._paths if form.fullmatch(path)), {})


def closed(document: dict[str, Any]) -> dict[str, Any]:
    """The document with nothing allowed in an object that its schema does not name."""
    made = deepcopy(document)
    for schema in made["components"]["schemas"].values():
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
    return made

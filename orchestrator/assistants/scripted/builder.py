"""What compiling a step rests on: operations with their places, names of steps, texts of fields."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from orchestrator.assistants.scripted.model import Go, Jump, Op, Spot, Step
from orchestrator.assistants.scripted.tree import Node, Page


@dataclass(slots=True)
class Builder(ABC):
    """Builds one step; `targets` are the steps named anywhere, with the places."""

    page: Page
    step: Step
    targets: list[tuple[str, Spot]] = field(default_factory=list)

    @abstractmethod
    def statement(self, node: Node, skip: tuple[str, ...] = ()) -> None:
        """One statement; `skip` are fields that something else has read."""

    def body(self, node: Node) -> None:
        """Statements, or the name of a step to go on at."""
        if node.entries is not None:
            for entry in node.entries:
                self.statement(entry)
        elif node.fields is not None:
            self.statement(node)
        else:
            self.go(node)

    def add(self, op: Op, spot: Spot) -> int:
        """Append an operation; its number."""
        self.step.ops.append(op)
        self.step.spots.append(spot)
        return len(self.step.ops) - 1

    def close(self, jumps: list[int]) -> None:
        """Let operations that were held free jump to what comes next."""
        for jump in jumps:
            self.step.ops[jump] = Jump(len(self.step.ops))

    def go(self, node: Node) -> None:
        """Go on at the step that the node names."""
        self.add(Go(self.name(node), leave=self.step.interlude), node.spot)

    def name(self, node: Node | None) -> str:
        """The step that a node names, or nothing."""
        if node is None:
            return ""
        if node.text is None:
            self.page.problem(node.spot, "expected the name of a step")
            return ""
        self.targets.append((node.text, node.spot))
        return node.text

    def text(self, owner: Node, key: str) -> str:
        """The text of a field, or nothing."""
        node = owner.get(key)
        if node is not None and node.text is None:
            self.page.problem(node.spot, f"`{key}` expects text")
        return (node.text if node else "") or ""

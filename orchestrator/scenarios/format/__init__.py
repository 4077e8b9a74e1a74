"""Reads scenarios from files: the grammar, the reader that tells every mistake, the JSON Schema, the matchers."""

from orchestrator.scenarios.format.loader import Loaded, load, parse
from orchestrator.scenarios.format.matchers import found_in, holds

__all__ = ["Loaded", "found_in", "holds", "load", "parse"]

"""Reads scenarios from files: the grammar, the reader that tells every mistake, the JSON Schema, the matchers."""

"""The HTTP API under `/api/v1`, for the assistant out of turn, operators and tools."""

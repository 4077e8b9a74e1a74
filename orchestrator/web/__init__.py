"""The pages and addresses for people and tools: API, console, health. The carrier's are in `channels`."""

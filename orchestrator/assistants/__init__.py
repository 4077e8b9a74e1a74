"""Assistants: what answers a turn. `http.py` asks a bot over HTTP, `scripted/` plays a file.

What an answer may hold stands in `items/`. Nothing here knows a carrier or a store.
"""

"""An item of an answer that is still coming, as words of a hint: to the process that has the call's socket."""

from __future__ import annotations

import json

from orchestrator.core import codec
from orchestrator.core.items import Item
from orchestrator.ports.relay import Ear
from orchestrator.runner.wire import dumps


def written(turn_id: str, place: int, item: Item) -> str:
    """The words."""
    return dumps([turn_id, place, codec.dump(item)])


def tell(ear: Ear, words: str) -> None:
    """Tell of the item. Words that this release does not understand are none."""
    try:
        turn_id, place, stored = json.loads(words)
        item: Item = codec.load(Item, stored)
    except (ValueError, TypeError):
        return
    ear.item(str(turn_id), int(place), item)

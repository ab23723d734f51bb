"""How one attempt shows its items: order of options from the attempt's seed, so that a complaint can be replayed."""

from __future__ import annotations

import random

from bdhvs.core.items.base import Arrangement, Item


def arrangement(item: Item, seed: int, shuffle: bool = True) -> Arrangement:
    """Order of the parts of `item` in the attempt with this seed.

    The same seed, item and version always give the same order. With ``shuffle=False`` everybody sees the
    same order (drawn from the item alone; the author's order would tell the key of ordering items).
    """
    source = f"{seed}:{item.id}:{item.version}" if shuffle else f"{item.id}:{item.version}"
    return item.arrange(random.Random(source))

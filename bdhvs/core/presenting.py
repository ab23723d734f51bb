"""How one attempt shows its items: order of options from the attempt's seed, so that a complaint can be replayed."""

from __future__ import annotations

import random
from hashlib import sha256

from bdhvs.core.items.base import Arrangement, Item


def arrangement(item: Item, seed: int, shuffle: bool = True) -> Arrangement:
    """Order of the parts of `item` in the attempt with this seed.

    The same seed, item and version always give the same order. With ``shuffle=False`` everybody sees the
    same order, drawn from all that the author wrote: the author's own order would tell the key of ordering items,
    and so would one drawn from what a learner sees (id and version), for this program is public.
    """
    source = f"{seed}:{item.id}:{item.version}" if shuffle else f"{item.id}:{item.version}:{_written(item)}"
    return item.arrange(random.Random(source))


def _written(item: Item) -> str:
    """Digest of everything the author wrote. Defaults are left out, so that a field added later changes no order."""
    return sha256(item.model_dump_json(by_alias=True, exclude_defaults=True).encode()).hexdigest()

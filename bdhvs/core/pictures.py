"""The twelve pictures of a picture PIN, and reading three of them from what a browser sent."""

from __future__ import annotations

from collections.abc import Sequence

from bdhvs.errors import NotAllowed

#: In the order in which they are shown, which is the same everywhere: a place is remembered, too. Never to be renamed:
#: what is stored was made from these words.
PICTURES = ("trau", "lua", "non-la", "thuyen", "chim", "ca", "sen", "mat-troi", "nha", "dua", "xe-dap", "am-tra")
CHOSEN = 3  # so there are 12 × 12 × 12 = 1,728 choices: few, which is why tries are counted (`bdhvs.service.pins`)


def read_pictures(sent: Sequence[str]) -> tuple[str, ...]:
    """Three pictures in order; the same one may come twice.

    Raises
    ------
    NotAllowed
        with code ``pictures_missing`` when these are not three of the twelve.
    """
    if len(sent) != CHOSEN or any(one not in PICTURES for one in sent):
        raise NotAllowed("these are not three of the twelve pictures", "pictures_missing")
    return tuple(sent)

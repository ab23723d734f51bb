"""From a class's data folder to a dataset for research, or to public tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bdhvs.dataset.manifest import Manifest, Privacy
from bdhvs.dataset.movement import Counted
from bdhvs.dataset.public import write_public
from bdhvs.dataset.reading import open_dataset
from bdhvs.dataset.research import write_research
from bdhvs.dataset.source import Period, people
from bdhvs.dataset.writer import DatasetWriter
from bdhvs.errors import DatasetError
from bdhvs.store import Store

#: How many share every combination told when nobody says otherwise.
K = 10


def export(
    store: Store,
    out: Path | str,
    *,
    privacy: Privacy = "research",
    k: int = K,
    period: Period | None = None,
    movement: Counted | None = None,
    progress: Callable[[int, int], object] = lambda done, of: None,
) -> Manifest:
    """Write what is in `store` as a dataset; a class may be running.

    Parameters
    ----------
    out : a folder that is missing or empty.
    privacy : ``research``: rows of persons without names, rare combinations of attributes withheld; ``public``: counts and
        means of at least `k` people each, no row about a person.
    k : at least 2.
    period : days on which attempts began; default: all.
    movement : what the movement came to in each class (`bdhvs.service.movement_counts.class_counts`, which needs the item bank), for the
        table of that name; None: it stays empty. The public level has no such table.
    progress : called with how many more learners are done, and how many there are.

    Returns
    -------
    The manifest, ``loss`` in it.

    Raises
    ------
    DatasetError
        when `out` is not empty or cannot be written, `k` is less than 2, or nobody did anything in the period.
    MissingExtra
        when pyarrow is not installed.
    """
    if k < 2:
        raise DatasetError(f"found k = {k}, expected at least 2: with 1 everybody may stand alone")
    asked = period or Period()
    with DatasetWriter(out, privacy=privacy, k=k) as writer:
        everybody = people(store, asked)
        if not everybody:
            raise DatasetError(
                f"{store.folder}: found no attempt in this period, expected at least one; give another period"
            )
        writer.period = {name: day.isoformat() if day else None for name, day in asked.bounds.items()}
        given = (store, writer, everybody, asked, k, lambda done: progress(done, len(everybody)))
        if privacy == "research":
            write_research(*given, movement=movement)
        else:
            write_public(*given)
    return open_dataset(writer.out, verify="sizes").manifest

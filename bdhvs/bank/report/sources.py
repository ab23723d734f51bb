"""How old the sources of the bank's facts are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from re import match

from bdhvs.bank.report.standards import SourcesFile
from bdhvs.core.items.base import Item

DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class OldSource:
    """A source to look at again: of which items, and years since its date or since somebody last looked (None: no date that can be read)."""

    title: str
    date: str | None
    years: float | None
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sources:
    """``with_source`` items claim a fact and name where it is from; ``by_year``: year → different sources."""

    with_source: int
    different: int
    by_year: Mapping[str, int]
    to_look_at: tuple[OldSource, ...]


def sources_of(items: Iterable[Item], today: date, standard: SourcesFile) -> Sources:
    """The sources; those without a date, or looked at too long ago by the standard, are named, the oldest first."""
    named: dict[tuple[str, str | None], list[str]] = {}
    with_source = 0
    for item in items:
        with_source += bool(item.sources)
        for one in item.sources:
            named.setdefault((one.title, one.date), []).append(item.id)
    ages = {(title, day): _years(standard.still_holds.get(title, day), today) for title, day in named}
    old = [
        OldSource(title, day, ages[title, day], tuple(sorted(set(ids))))
        for (title, day), ids in named.items()
        if (age := ages[title, day]) is None or age > standard.look_again_after_years
    ]
    years = Counter((day or "")[:4] or "?" for _, day in named)
    return Sources(
        with_source=with_source,
        different=len(named),
        by_year=dict(sorted(years.items())),
        to_look_at=tuple(sorted(old, key=lambda one: (-(one.years if one.years is not None else 1e9), one.title))),
    )


def _years(text: str | None, today: date) -> float | None:
    """Age of "2024-06-25", "2024-06" or "2024" (then its middle) in years; None when there is no such date."""
    found = match(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$", text or "")
    if found is None:
        return None
    try:
        day = date(int(found[1]), int(found[2] or 7), int(found[3] or (15 if found[2] else 1)))
    except ValueError:
        return None
    return round((today - day).days / DAYS_A_YEAR, 1)

"""What somebody should look at in a bank: too much to read, read aloud badly, alike, too few for an audience, old sources."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date

from bdhvs.bank.loader import Bank
from bdhvs.bank.report.alike import AlikePair, EnemiesMeet, closest, enemies_that_meet
from bdhvs.bank.report.aloud import ReadBadly, read_badly
from bdhvs.bank.report.contents import Contents, TooFew, too_few
from bdhvs.bank.report.reading import ReadingLoad, ReadingOf, TooMuch, reading_load, reading_of, too_much
from bdhvs.bank.report.sources import Sources, sources_of
from bdhvs.bank.report.standards import Standards

MOST_PAIRS = 12  # closest pairs shown although none reaches the limit: who looks sees that the search works


@dataclass(frozen=True, slots=True)
class Quality:
    """The findings. ``by_level`` and ``by_audience`` are of items that are no simulations."""

    loads: Mapping[str, ReadingLoad]
    by_level: Mapping[int, ReadingOf]
    by_audience: Mapping[str, ReadingOf]
    too_much: tuple[TooMuch, ...]
    read_badly: tuple[ReadBadly, ...]
    alike: tuple[AlikePair, ...]
    look_from: float
    enemies: tuple[EnemiesMeet, ...]
    too_few: tuple[TooFew, ...]
    sources: Sources

    @property
    def to_compare(self) -> tuple[AlikePair, ...]:
        """Pairs that are alike and nobody has looked at."""
        return tuple(one for one in self.alike if one.similarity >= self.look_from and one.looked_at is None)

    @property
    def findings(self) -> int:
        """How many things somebody should look at."""
        return sum(
            map(
                len,
                (self.too_much, self.read_badly, self.to_compare, self.enemies, self.too_few, self.sources.to_look_at),
            )
        )


def quality(bank: Bank, found: Contents, standards: Standards, today: date) -> Quality:
    """The findings in `bank`; `today` is what ages of sources are counted to."""
    items = list(bank.items.values())
    loads = {item.id: reading_load(item, standards.reading.familiar) for item in items}
    by_level, by_audience = reading_tables(bank, standards.reading.familiar)
    return Quality(
        loads=loads,
        by_level=by_level,
        by_audience=by_audience,
        too_much=tuple(too_much(items, loads, standards.reading)),
        read_badly=tuple(one for item in items for one in read_badly(item, standards.aloud.rules)),
        alike=tuple(closest((item for item in items if item.is_performance), standards.alike, MOST_PAIRS)),
        look_from=standards.alike.look_from,
        enemies=tuple(enemies_that_meet(bank.forms.values(), standards.alike.enemies, bank.items)),
        too_few=tuple(too_few(found, standards.audiences, bank.framework)),
        sources=sources_of(items, today, standards.sources),
    )


def reading_tables(bank: Bank, familiar: Container[str]) -> tuple[dict[int, ReadingOf], dict[str, ReadingOf]]:
    """Reading load by level and by audience, of items that are no simulations."""
    loads = [(item, reading_load(item, familiar)) for item in bank.items.values() if not item.is_simulator]
    levels = [level.number for level in bank.framework.levels if level.for_items]
    by_level = {level: reading_of([load for item, load in loads if item.level == level]) for level in levels}
    audiences = [one.id for one in bank.framework.audiences]
    return by_level, {who: reading_of([load for item, load in loads if who in item.audiences]) for who in audiences}

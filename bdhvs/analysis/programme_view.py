"""All that pages, notebooks and commands show of a programme, gathered once from a dataset."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bdhvs.analysis import programme
from bdhvs.analysis.census import read_census
from bdhvs.bank.framework import load_framework
from bdhvs.bank.paths import Content, find_content
from bdhvs.bank.places import load_places
from bdhvs.core.places import Geography
from bdhvs.dataset.reading import Dataset
from bdhvs.errors import NotFound
from bdhvs.programme.targets import Measure, Named, Targets, read_targets

if TYPE_CHECKING:
    import pandas as pd

#: The measure that pages and pictures are about when nobody says another.
BASIC = "basic"


@dataclass(frozen=True, eq=False)
class ProgrammeView:
    """A programme as of one day.

    Attributes
    ----------
    people : measure → `bdhvs.analysis.programme.standings` by it. measure : what pages and pictures are about. table : of
        `by_commune`. weeks : of `weekly`; both of that measure. movement : of `bdhvs.analysis.programme.movement`; empty when the
        past is looked at, for its counts are as of the export. adults : code of the commune → adults who live there; empty when
        nobody said. quiet : Monday → what is left of that week, 0–1, for forecasts.
    """

    people: Mapping[str, pd.DataFrame]
    measure: Measure
    table: pd.DataFrame
    weeks: pd.DataFrame
    movement: pd.DataFrame
    adults: Mapping[str, int]
    targets: Targets
    places: Geography
    quiet: Mapping[date, float] = field(default_factory=dict)

    def can(self, lang: str) -> str:
        """What is said of who reached the measure, after "they surely …"."""
        return self.measure.can.in_language(lang) if self.measure.can else self.measure.name.in_language(lang)

    def movement_of(self, commune: str) -> dict[str, int]:
        """Counts of helpers and households that a commune, or the whole province, tells; those withheld are not in it."""
        rows = self.movement[self.movement["commune"] == commune].select_dtypes("Int64")
        return {} if rows.empty else {str(name): int(count) for name, count in rows.iloc[0].dropna().items()}

    def against_targets(self, lang: str = "vi") -> pd.DataFrame:
        """Plans beside what was measured: `bdhvs.analysis.programme.against_targets`."""
        everybody = sum(self.adults.values()) or None
        return programme.against_targets(self.people, self.targets, self.places, adults=everybody, lang=lang)

    def commune(self, code: str | None) -> str:
        """`code` itself; without one the whole province's row.

        Raises
        ------
        NotFound
            when nobody of the commune is in the dataset.
        """
        wanted, known = code or programme.WHOLE, list(self.table["commune"])
        if wanted not in known:
            raise NotFound(f"no commune {wanted!r} in the dataset, expected one of {', '.join(known[:5])} …")
        return wanted

    def names(self) -> dict[str, str]:
        """Code → name, the whole province first, then communes as the table has them."""
        found = dict(zip(self.table["commune"], self.table["name"], strict=True))
        return {programme.WHOLE: found.pop(programme.WHOLE), **found}


def programme_view(
    data: Dataset,
    *,
    content: Path | str | None = None,
    census: Path | str | None = None,
    until: Any = None,
    measure: str = BASIC,
    domain: str | None = None,
    quiet: Mapping[date, float] | None = None,
    told: Callable[[int], None] = lambda steps: None,
) -> ProgrammeView:
    """Gather it.

    Parameters
    ----------
    data : at the research level, of one province.
    content : folder that holds ``assessments/``; left out: found as elsewhere.
    census : CSV file for `bdhvs.analysis.census.read_census`; without it only an invented province knows its adults.
    until : the last day that counts; left out: everything.
    measure : which of the targets' measures pages are about; domain : of a measure that is a band, this domain alone.
    quiet : any day of a week → what is left of it, 0–1: Tết, a harvest.
    told : called with 1 after each of the targets' measures (`steps` says how many).

    Raises
    ------
    NotFound
        when there is no such measure or domain, or nothing measures it.
    """
    found = find_content(content)
    targets, places = read_targets(found.assessments), load_places(found)
    wanted = _wanted(targets, measure, domain, found)
    people = {}
    for name, one in targets.measures.items():
        if one.is_measured:
            people[name] = programme.standings(data, one, until=until)
            told(1)
    adults, names = read_census(census) if census else programme.known_places(data)
    own = people[measure] if domain is None else programme.standings(data, wanted, until=until)
    names = {**_names(own, places), **names}
    table, weeks = programme.by_commune(own, adults, names), programme.weekly(own, until=until)
    movement = programme.movement(data, names)
    if until is not None and str(until)[:10] < str(data.manifest.period["last_day"]):
        movement = movement.iloc[:0]
    mondays = {day - timedelta(days=day.weekday()): left for day, left in (quiet or {}).items()}
    return ProgrammeView(people, wanted, table, weeks, movement, adults, targets, places, mondays)


def _wanted(targets: Targets, measure: str, domain: str | None, content: Content) -> Measure:
    known = {name: one for name, one in targets.measures.items() if one.is_measured}
    if measure not in known:
        why = f" ({targets.measures[measure].why})" if measure in targets.measures else ""
        raise NotFound(f"no measure {measure!r} is taken here{why}, expected one of {', '.join(known)}")
    if domain is None:
        return known[measure]
    if known[measure].band is None:
        bands = ", ".join(name for name, one in known.items() if one.band)
        raise NotFound(f"measure {measure!r} is not taken domain by domain, expected {bands} with a domain")
    domains = {one.code: one.name for one in load_framework(content).domains}
    if domain not in domains:
        raise NotFound(f"no domain {domain!r}, expected one of {', '.join(domains)}")
    return known[measure].within(domain, Named(vi=domains[domain].vi, en=domains[domain].en))


def steps(content: Path | str | None = None) -> int:
    """How often `programme_view` tells."""
    measures = read_targets(find_content(content).assessments).measures
    return sum(one.is_measured for one in measures.values())


def _names(basic: pd.DataFrame, places: Geography) -> dict[str, str]:
    """Names of communes and province that the geography knows."""
    found = {code: places.commune_called(code) for code in basic["commune"].cat.categories}
    names = {code: one.full_name for code, one in found.items() if one is not None}
    codes = list(basic["province"].cat.categories)
    province = places.province_called(codes[0]) if len(codes) == 1 else None
    return {**names, programme.WHOLE: province.full_name} if province else names

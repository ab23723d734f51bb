"""All that pages, notebooks and commands show of a programme, gathered once from a dataset."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bdhvs.analysis import programme
from bdhvs.analysis.census import read_census
from bdhvs.bank.paths import find_content
from bdhvs.bank.places import load_places
from bdhvs.core.places import Geography
from bdhvs.dataset.reading import Dataset
from bdhvs.errors import NotFound
from bdhvs.programme.targets import Targets, read_targets

if TYPE_CHECKING:
    import pandas as pd

#: The measure that pages and pictures are about.
BASIC = "basic"


@dataclass(frozen=True, eq=False)
class ProgrammeView:
    """A programme as of one day.

    Attributes
    ----------
    people : measure → `bdhvs.analysis.programme.standings` by it. table : of `by_commune`. weeks : of `weekly`; both of the basic
        measure. adults : code of the commune → adults who live there; empty when nobody said.
    """

    people: Mapping[str, pd.DataFrame]
    table: pd.DataFrame
    weeks: pd.DataFrame
    adults: Mapping[str, int]
    targets: Targets
    places: Geography

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
    told: Callable[[int], None] = lambda steps: None,
) -> ProgrammeView:
    """Gather it.

    Parameters
    ----------
    data : at the research level, of one province.
    content : folder that holds ``assessments/``; left out: found as elsewhere.
    census : CSV file for `bdhvs.analysis.census.read_census`; without it only an invented province knows its adults.
    until : the last day that counts; left out: everything.
    told : called with 1 after each of the targets' measures (`steps` says how many).
    """
    found = find_content(content)
    targets, places = read_targets(found.assessments), load_places(found)
    people = {}
    for name, measure in targets.measures.items():
        if measure.is_measured:
            people[name] = programme.standings(data, measure, until=until)
            told(1)
    adults, names = read_census(census) if census else programme.known_places(data)
    basic = people[BASIC]
    table = programme.by_commune(basic, adults, {**_names(basic, places), **names})
    return ProgrammeView(people, table, programme.weekly(basic, until=until), adults, targets, places)


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

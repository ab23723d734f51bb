"""The programme in numbers: from a research dataset to what plans ask, with sampling error and coverage said.

::

    data = open_dataset("xuat")
    people = standings(data, targets.measures["basic"])       # one row per learner
    by_commune(people, adults)                                # one row per commune, and the province
    against_targets(people, targets, places)                  # one row per target that is measured
    weekly(people)                                            # communes × weeks

A share here is of *people measured in classes*. It is no share of a commune or province: `coverage` says of whom it is, and
`least`/`most` how far the truth of all adults may lie if nothing is supposed of the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from bdhvs.analysis.dataset_frames import need_pandas
from bdhvs.analysis.programme_words import place_name
from bdhvs.analysis.synthetic import is_synthetic
from bdhvs.core.places import KIND_NAMES, Geography
from bdhvs.dataset.reading import Dataset
from bdhvs.dataset.schema import MOVEMENT, PARTITIONS
from bdhvs.errors import PlaceRefused
from bdhvs.measurement.thresholds import LEAST_TASKS
from bdhvs.programme.shares import Coverage, Margin, Share, likeness, share_of, weighted_share
from bdhvs.programme.targets import COUNTRY, Measure, Target, Targets

if TYPE_CHECKING:
    import pandas as pd

#: Bands from the lowest; who reached one for sure reached those before it.
BANDS = ("co_ban", "trung_cap", "nang_cao", "chuyen_sau")
#: The row of the whole province in `by_commune`.
WHOLE = "all"

PEOPLE_COLUMNS = {
    "learner": "number of the learner in this dataset",
    "classroom": "number of the class",
    "province": "code, of the class",
    "commune": "code, of the class",
    "audience": "group; missing when not told",
    "age_band": "missing when not told",
    "sex": "missing when not told",
    "region": "urban or rural; missing when not said",
    "first_day": "day of the first attempt, in Vietnam",
    "scored": "True when a score rests on tasks enough to show the measure; otherwise nothing is known of the person",
    "reached": "True when the measure was shown for sure; missing without a score",
    "reached_day": "day of the first score that showed it; missing when none did",
}


def standings(data: Dataset, measure: Measure, *, until: Any = None) -> pd.DataFrame:
    """One row per learner of a dataset: whether a measure was reached, and when first.

    Parameters
    ----------
    data : at the research level; a public dataset has no persons.
    measure : of ``assessments/programme/targets.yaml``, with a band or a gate.
    until : the last day that counts, as if the dataset had been made in its evening; left out: everything.

    Returns
    -------
    DataFrame, learners × columns of `PEOPLE_COLUMNS`; ``attrs["synthetic"]`` is True of invented people. Only learners with
    enough tasks count as measured (three in as many domains as the measure asks for): of others `reached` is missing, not False.

    Raises
    ------
    ValueError
        when the measure is one that nothing here measures.
    """
    pd = need_pandas()
    if not measure.is_measured:
        raise ValueError(f"{measure.name.en}: this is not measured here. {measure.why}")
    # Arrow sums up before pandas sees anything: of a province, twelve million rows become two.
    import pyarrow.dataset as pads

    if measure.band is not None:
        shown = pads.field("at_least").isin(list(BANDS[BANDS.index(measure.band) :]))
        enough, known = measure.domains or 1, pads.field("tasks") >= LEAST_TASKS
    else:
        shown, enough, known = pads.field("gate") == measure.gate, 1, pads.field("gate") != "not_asked"
    columns = {name: pads.field(name) for name in ("learner", "attempt", "day", "newest")}
    day = None if until is None else pd.Timestamp(until).date()
    counted = None if day is None else pads.field("day") <= day
    counts = {"shown": shown.cast("int64"), "known": known.cast("int64")}
    if measure.domain is not None:
        here = pads.field("domain") == measure.domain
        counted = here if counted is None else here & counted
    rows = data.scan("scores").to_table(columns={**columns, **counts}, filter=counted)
    sums = [("shown", "sum"), ("known", "sum"), ("day", "min"), ("newest", "max")]
    scores = rows.group_by(["learner", "attempt"]).aggregate(sums).to_pandas()
    scores = scores[scores["known_sum"].fillna(0) >= enough]
    scores["ok"] = scores["shown_sum"].fillna(0) >= enough
    newest = scores.sort_values(["learner", "day_min", "newest_max"]).groupby("learner")["ok"].last()
    first = scores[scores["ok"]].groupby("learner")["day_min"].min()
    begun = None if day is None else pads.field("first_day") <= day
    people = data.scan("learners").to_table(filter=begun).to_pandas()
    people["scored"] = people["learner"].isin(newest.index)
    people["reached"] = people["learner"].map(newest).astype("boolean")
    people["reached_day"] = pd.to_datetime(people["learner"].map(first))
    people["first_day"] = pd.to_datetime(people["first_day"])
    for name in ("province", "commune", "audience", "age_band", "sex", "region"):
        people[name] = people[name].astype("category")
    found = people[list(PEOPLE_COLUMNS)]
    found.attrs["synthetic"] = data.manifest.synthetic
    return found


def by_commune(
    people: pd.DataFrame,
    adults: Mapping[str, int] | None = None,
    names: Mapping[str, str] | None = None,
    *,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Each commune, and last the province: who was measured, and the share that reached it with its interval.

    Parameters
    ----------
    people : as `standings` gives it, of one province.
    adults : code of the commune → adults who live there; without it coverage is missing.
    names : code → name.

    Returns
    -------
    DataFrame, communes + 1 rows: commune, name, adults, learners, measured, classes, reached, share, low, high (0–1), effect (design
    effect), effect_from, coverage (measured of adults), least, most (of all adults, whoever the others are), told (False: so few
    people that no share is given). The province's classes count within their communes.
    """
    pd = need_pandas()
    adults, names = adults or {}, names or {}
    scored = people[people["scored"]]
    rows = []
    groups = {str(code): rows_ for code, rows_ in scored.groupby("commune", observed=True)}
    learners = people.groupby("commune", observed=True).size()
    for code in sorted({*groups, *adults}):
        rows.append(
            {
                "commune": code,
                "name": names.get(code, code),
                "learners": int(learners.get(code, 0)),
                **_row(groups.get(code, scored.iloc[:0]), adults.get(code), confidence),
            }
        )
    whole = _row(scored, sum(adults.values()) or None, confidence, strata=True)
    rows.append({"commune": WHOLE, "name": names.get(WHOLE, WHOLE), "learners": len(people), **whole})
    return _marked(pd.DataFrame(rows), people)


def _row(scored: pd.DataFrame, adults: int | None, confidence: float, *, strata: bool = False) -> dict[str, Any]:
    share = _share(scored, confidence, strata=strata)
    coverage = Coverage(share.people, adults)
    bounds = coverage.bounds(share.share) if share.people else None
    told = share.may_be_told
    nothing = float("nan")
    return {
        "adults": adults,
        "measured": share.people,
        "classes": share.clusters,
        "reached": int(scored["reached"].sum()) if told else None,
        "share": share.share if told else nothing,
        "low": share.low if told else nothing,
        "high": share.high if told else nothing,
        "effect": share.effect if told else nothing,
        "effect_from": share.effect_from,
        "coverage": nothing if coverage.share is None else coverage.share,
        "least": bounds[0] if bounds and told else nothing,
        "most": bounds[1] if bounds and told else nothing,
        "told": told,
    }


def _share(scored: pd.DataFrame, confidence: float, *, strata: bool = False) -> Share:
    return share_of(
        scored["reached"].to_numpy(dtype=np.float64, na_value=0.0),
        scored["classroom"].to_numpy(),
        strata=scored["commune"].astype(str).to_numpy() if strata and scored["commune"].nunique() > 1 else None,
        confidence=confidence,
    )


def weighted_by_census(
    people: pd.DataFrame, census: Mapping[str, float], *, confidence: float = 0.95
) -> tuple[Share, float, tuple[str, ...]]:
    """The share if those measured had the age and sex of all adults, the part of the population it stands for, and unseen cells.

    Parameters
    ----------
    people : as `standings` gives it; who told no age or sex is left out.
    census : "age band/sex" → adults, for example ``{"25_39/female": 2410, …}``.

    Raises
    ------
    ValueError
        when nobody measured is in a cell of the census.
    """
    scored = people[people["scored"] & people["age_band"].notna() & people["sex"].notna()]
    cells = (scored["age_band"].astype(str) + "/" + scored["sex"].astype(str)).tolist()
    share, weights = weighted_share(
        scored["reached"].to_numpy(dtype=np.float64, na_value=0.0),
        scored["classroom"].to_numpy(),
        [Margin("age × sex", cells, dict(census))],
        confidence=confidence,
    )
    return share, weights.represented, weights.unseen["age × sex"]


def against_targets(
    people: Mapping[str, pd.DataFrame],
    targets: Targets,
    places: Geography,
    *,
    adults: int | None = None,
    confidence: float = 0.95,
    lang: str = "vi",
) -> pd.DataFrame:
    """Plans that hold in the province of `people`, beside what was measured.

    Parameters
    ----------
    people : measure → `standings` by it, all of one province.
    adults : of the province; for groups no coverage is known.

    Returns
    -------
    DataFrame, one row per target, in the file's order: place (as the plan names it), group, measure, planned (0–1), planned_people, year,
    source, measured, classes, share, low, high, told, coverage, why (why nothing is measured; else empty). Where the plan is of
    the state's own confirmation, every measured column is missing.
    """
    pd = need_pandas()
    first = next(iter(people.values()))
    codes = [one for one in first["province"].cat.categories if one != "none"] if len(first) else []
    if len(codes) > 1:
        raise ValueError(
            f"found learners of the provinces {', '.join(codes)}, expected those of one; choose with query"
        )
    rows = []
    for target in targets.of(places, codes[0] if codes else None):
        measure, group = targets.measures[target.measure], targets.groups[target.group]
        row: dict[str, Any] = {
            "place": place_name(_planned_place(target, places, lang), lang),
            "group": group.name.in_language(lang),
            "measure": measure.name.in_language(lang),
            "planned": target.share,
            "planned_people": target.people,
            "year": target.year,
            "source": targets.sources[target.source],
            "why": "" if measure.is_measured else measure.why,
        }
        if measure.is_measured and target.measure in people:
            scored = people[target.measure]
            scored = scored[scored["scored"]]
            if target.commune is not None:
                scored = scored[scored["commune"] == _commune_code(target, places)]
            if group.audiences:
                scored = scored[scored["audience"].isin(group.audiences)]
            everybody = not group.audiences and target.commune is None
            found = _row(scored, adults if everybody else None, confidence, strata=True)
            row |= {name: found[name] for name in ("measured", "classes", "share", "low", "high", "told", "coverage")}
        rows.append(row)
    return _marked(pd.DataFrame(rows), first)


def _planned_place(target: Target, places: Geography, lang: str) -> str:
    """Vietnamese: as the plan names it. English: behind its kind, which a province that is no more had as well."""
    if target.commune is not None:
        province = place_name(_planned_place(target.model_copy(update={"commune": None}), places, lang), lang)
        return f"{place_name(f'Xã {target.commune}', lang)}, {province}"
    if lang == "vi":
        return target.place
    if target.place == COUNTRY:
        return "whole country"
    found = places.province(target.place)
    return found.unit.full_name if found.by == "name" else f"{KIND_NAMES['province']} {target.place}"


def _commune_code(target: Target, places: Geography) -> str:
    """Code of a plan's commune; "" where no list of communes knows it, so that nobody is taken for its people."""
    try:
        return places.commune(target.commune or "", places.province(target.place).unit.code).unit.code
    except PlaceRefused:
        return ""


def weekly(people: pd.DataFrame, *, until: Any = None) -> pd.DataFrame:
    """Communes × weeks: how many came for the first time, and how many reached it for the first time.

    Parameters
    ----------
    until : last day counted; left out: the last there is. Only whole weeks (Monday to Sunday) are given.

    Returns
    -------
    DataFrame: commune, week (its Monday), came, reached, came_so_far, reached_so_far; every commune has every week.
    """
    pd = need_pandas()
    last = pd.Timestamp(until) if until is not None else max(people["first_day"].max(), people["reached_day"].max())
    end = last - pd.Timedelta(days=(last.weekday() + 1) % 7)  # the last Sunday that has passed
    start = people["first_day"].min()
    mondays = pd.date_range(start - pd.Timedelta(days=start.weekday()), end, freq="W-MON")
    communes = [str(one) for one in people["commune"].cat.categories]
    grid = pd.MultiIndex.from_product([communes, mondays], names=["commune", "week"])
    found = pd.DataFrame(index=grid)
    for name, column in (("came", "first_day"), ("reached", "reached_day")):
        known = people[people[column].notna()]
        week = known[column] - pd.to_timedelta(known[column].dt.day_of_week, unit="D")
        found[name] = known.groupby([known["commune"].astype(str), week]).size().reindex(grid, fill_value=0)
    for name in ("came", "reached"):
        found[f"{name}_so_far"] = found.groupby(level="commune")[name].cumsum()
    return _marked(found.reset_index(), people)


def planning_icc(people: pd.DataFrame) -> float:
    """How alike classmates are by this measure: for `bdhvs.programme.survey.survey_plan`. NaN where it cannot be told."""
    scored = people[people["scored"]]
    return likeness(scored["reached"].to_numpy(dtype=np.float64, na_value=0.0), scored["classroom"].to_numpy())


def movement(data: Dataset, names: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Helpers and households by commune, as far as they are told (`bdhvs.dataset.schema.MOVEMENT`).

    Returns
    -------
    DataFrame, one row per commune that tells anything, and last the sum of what is told: commune, name, facilitators, ambassadors,
    helped, households, households_reached; and ``households_judged``, the households of communes that tell how many have somebody.
    Whole numbers; missing: withheld because few, or nothing to count. No row from a dataset that tells nothing.
    """
    pd = need_pandas()
    table = data.table("movement").to_pandas(integer_object_nulls=False).drop(columns="province")
    counts = [name for name in MOVEMENT if name not in PARTITIONS]
    table = table.astype(dict.fromkeys(counts, "Int64"))
    table["households_judged"] = table["households"].where(table["households_reached"].notna())
    table = table.groupby("commune", observed=True).sum(min_count=1).reset_index()
    if len(table):
        sums = table.drop(columns="commune").sum(min_count=1).to_frame().T.astype("Int64")
        table = pd.concat([table, sums.assign(commune=WHOLE)], ignore_index=True)
    table.insert(1, "name", [dict(names or {}).get(str(code), str(code)) for code in table["commune"]])
    if data.manifest.synthetic:
        table["synthetic"] = True
    table.attrs["synthetic"] = data.manifest.synthetic
    return table


def known_places(data: Dataset) -> tuple[dict[str, int], dict[str, str]]:
    """Adults and names of an invented province's communes, from its manifest; empty for real data, where a census must be given."""
    places: Sequence[Mapping[str, Any]] = data.manifest.about.get("places", ()) if data.manifest.synthetic else ()
    names = {str(one["code"]): str(one["name"]) for one in places}
    if places:
        names[WHOLE] = str(data.manifest.about["name"])
    return {str(one["code"]): int(one["adults"]) for one in places}, names


def _marked(frame: pd.DataFrame, source: pd.DataFrame) -> pd.DataFrame:
    """What is made from invented people is invented; a column says so too, for CSV and JSON keep nothing else."""
    frame.attrs["synthetic"] = is_synthetic(source)
    if frame.attrs["synthetic"]:
        frame["synthetic"] = True
    return frame

"""An invented province as a research dataset: communes one by one, two processes, the same seed the same people."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from bdhvs.dataset.export import K
from bdhvs.dataset.movement import Movement, movement_columns
from bdhvs.dataset.parts import Part, Partition, write_part
from bdhvs.dataset.writer import DatasetWriter
from bdhvs.programme.recipe import Recipe
from bdhvs.programme.synthetic_answers import attempts_on, evenings
from bdhvs.programme.synthetic_items import ItemFacts, ItemNumbers, supposed_numbers
from bdhvs.programme.synthetic_movement import draw_movement
from bdhvs.programme.synthetic_people import (
    SEXES,
    Adults,
    Commune,
    Learners,
    ages_of,
    draw_adults,
    draw_learners,
    plan_communes,
)
from bdhvs.programme.synthetic_scores import CALIBRATION, CUTS, MODEL, scores_of
from bdhvs.programme.synthetic_tables import (
    SCORE_VERSION,
    Year,
    item_table,
    learner_table,
    response_tables,
    score_tables,
)

#: Said wherever the data or anything made from them is shown.
MARK_VI, MARK_EN = "DỮ LIỆU GIẢ LẬP", "SYNTHETIC DATA"
WARNING = (
    f"{MARK_VI} / {MARK_EN}: nobody in this dataset exists, and nothing found in it is true of any place or people. "
    "Tables, pictures and reports made from it must say so."
)
PROCESSES = 2


@dataclass(frozen=True)
class Made:
    """What one commune left: its files, for the manifest who lives there and what is true of them, and what the movement came to."""

    parts: tuple[Part, ...]
    place: dict[str, Any]
    movement: Movement


@dataclass(frozen=True)
class _Task:
    folder: Path
    recipe: Recipe
    items: ItemNumbers
    bank: str
    seed: int


def simulate_province(
    out: Path | str,
    recipe: Recipe,
    facts: Sequence[ItemFacts],
    *,
    bank: str,
    communes: int = 166,
    adults: int = 2_000_000,
    answers: int = 60,
    measured: float | None = None,
    seed: int = 1,
    processes: int = PROCESSES,
    told: Callable[[int], None] = lambda learners: None,
) -> Path:
    """Write the dataset of a province that does not exist.

    Parameters
    ----------
    out : folder to make; missing or empty.
    facts, bank : items to answer, and the digest of their bank.
    adults : people of 18 and more who live there. Memory is that of the largest commune: about 25 kB for each of its learners.
    answers : rows of a learner in a year, about (silences are rows too).
    measured : share of the adults who come to a class; left out: the recipe's.
    seed : the same seed, numbers, recipe and bank give the same people and files, however many processes.
    told : called with the number of learners of each commune that is done.

    Raises
    ------
    DatasetError
        when `out` is not empty or cannot be written.
    ValueError
        when the numbers do not fit together; the message says which.
    """
    items = supposed_numbers(facts, recipe, answers, seed)
    share = recipe.coming.measured if measured is None else measured
    plan = plan_communes(recipe, communes, adults, share, seed)
    with DatasetWriter(out, synthetic=True) as writer:
        writer.bank_versions = (bank,)
        writer.calibrations = (_calibration(),)
        writer.write("items", item_table(items))
        places, movement = [], {}
        for made in _all(_Task(writer.folder, recipe, items, bank, seed), plan, processes):
            for part in made.parts:
                writer.add(part)
            places.append(made.place)
            movement[recipe.place.province, str(made.place["code"])] = made.movement
            told(made.place["learners"])
        writer.write("movement", movement_columns(movement, K))
        asked = {"communes": communes, "adults": adults, "answers": answers, "measured": share, "seed": seed}
        writer.about = {
            "warning": WARNING,
            "name": recipe.place.name,
            "asked": asked,
            "recipe": recipe.model_dump(mode="json"),
            "places": sorted(places, key=lambda one: str(one["code"])),
        }
    return Path(out)


def _calibration() -> dict[str, Any]:
    return {
        "digest": SCORE_VERSION,
        "calibration": CALIBRATION,
        "cut_scores": CALIBRATION,
        "model": MODEL,
        "cuts": [round(one, 4) for one in CUTS],
        "synthetic": True,
    }


def _all(task: _Task, plan: list[Commune], processes: int) -> Iterator[Made]:
    # The largest first, so that no process waits long for the other at the end.
    by_size = sorted(plan, key=lambda one: -one.learners)
    if processes <= 1:
        yield from (make_commune(task, one) for one in by_size)
        return
    _start(task)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_start, initargs=(task,)) as pool:
        yield from pool.map(_make, by_size)


_task: _Task | None = None


def _start(task: _Task) -> None:
    """Each process gets the items once, not with every commune."""
    global _task
    _task = task


def _make(commune: Commune) -> Made:
    assert _task is not None
    return make_commune(_task, commune)


def make_commune(task: _Task, commune: Commune) -> Made:
    """Draw one commune and write its files."""
    recipe, items = task.recipe, task.items
    rng = np.random.default_rng([task.seed, 2, commune.place])
    adults = draw_adults(recipe, commune, rng)
    learners = draw_learners(recipe, commune, adults, rng)
    asked = rng.random(len(learners.class_week)) < recipe.answers.confidence_asked
    made = [
        attempts_on(recipe, items, adults, learners, one, rural=not commune.urban, asked=asked, rng=rng)
        for one in evenings(recipe, items, learners, rng)
        if len(one.who)
    ]
    scores = [scores_of(recipe, items, one) if one.evening.test else None for one in made]
    year = Year(commune, learners, made, scores, weekday=int(rng.integers(0, 7)))
    movement = draw_movement(recipe, learners, np.random.default_rng([task.seed, 3, commune.place]))
    return Made(tuple(_written(task, year)), _place(recipe, commune, adults, learners), movement)


def _written(task: _Task, year: Year) -> Iterable[Part]:
    recipe, commune = task.recipe, year.commune
    for day, table in response_tables(recipe, task.items, task.bank, year):
        yield write_part(task.folder, "responses", table, _partition(recipe, commune, day), synthetic=True)
    learners = learner_table(recipe, year)
    yield write_part(task.folder, "learners", learners, number=commune.place, synthetic=True)
    for number, table in enumerate(score_tables(recipe, task.items, year)):
        yield write_part(task.folder, "scores", table, number=2 * commune.place + number, synthetic=True)


def _partition(recipe: Recipe, commune: Commune, day: date) -> Partition:
    return Partition(recipe.place.province, commune.code, day)


def _place(recipe: Recipe, commune: Commune, adults: Adults, learners: Learners) -> dict[str, Any]:
    """The commune for the manifest: a census, and the truth that no survey sees.

    ``census``: adults by age band and sex. ``truth``: share of all adults who in at least 1, 2 … 6 domains can what the lowest
    band asks, at the end of the year.
    """
    ability = adults.ability.copy()
    ability[learners.adult] += learners.gain[:, None]
    domains = (ability >= CUTS[0]).sum(axis=1)
    ages = ages_of(recipe)
    census = {
        f"{band}/{sex}": int(((adults.age == at) & (adults.woman == (sex == "female"))).sum())
        for at, band in enumerate(ages)
        for sex in SEXES
    }
    return {
        "code": commune.code,
        "name": commune.name,
        "kind": "ward" if commune.urban else "commune",
        "adults": commune.adults,
        "learners": commune.learners,
        "census": census,
        "truth": [round(float((domains >= least).mean()), 4) for least in range(1, ability.shape[1] + 1)],
    }

"""Synthetic datasets of any size in the layout of `bdhvs.dataset.schema`, for benchmarks only: made, not measured.

Everybody answers one form of `items` items once. Abilities are normal, items logistic; some items are skipped, some learners do not
reach the end, some answers were helped. The same seed gives the same files.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from bdhvs.dataset import DatasetWriter, Part, Partition, write_part

PROVINCE = "00"  # no real province has it
FIRST_DAY = date(2026, 3, 2)
COMPETENCES = [
    f"{domain}.{number}" for domain, count in enumerate((3, 6, 4, 4, 4, 3), 1) for number in range(1, count + 1)
]
AGE_BANDS = ["under_15", "15_24", "25_39", "40_59", "60_74", "75_up"]
AUDIENCES = ["adult", "elderly", "official", "pupil", "worker"]
CLASS_SIZE = 40


def make_dataset(
    folder: Path, *, learners: int, items: int, communes: int, days: int, seed: int = 1, processes: int = 2
) -> int:
    """Write a dataset and give its number of responses."""
    bank = Bank(items, seed)
    with DatasetWriter(folder, synthetic=True) as writer:
        tasks = [
            (writer.folder, bank, f"{10_001 + number}", range(first, last), days, np.random.SeedSequence([seed, number]))
            for number, first, last in _parts(learners, communes)
        ]
        with ProcessPoolExecutor(processes) as pool:
            for people, parts in pool.map(_commune, *zip(*tasks, strict=True)):
                writer.write("learners", people)
                for part in parts:
                    writer.add(part)
        writer.write("items", bank.table())
    return learners * items


def _commune(
    folder: Path, bank: Bank, commune: str, learners: range, days: int, seed: np.random.SeedSequence
) -> tuple[pa.Table, list[Part]]:
    """Write the answers of a commune; gives its learners and the files."""
    people, parts = [], []
    for day, begin, end in _parts(len(learners), days):
        who = np.arange(learners.start + begin, learners.start + end)
        if len(who):
            rng = np.random.default_rng(seed.spawn(1)[0])
            when = FIRST_DAY + timedelta(days=7 * day)
            people.append(_learners(who, commune, when, rng))
            parts.append(write_part(folder, "responses", bank.responses(who, rng), Partition(PROVINCE, commune, when)))
    return pa.concat_tables(people), parts


def _parts(whole: int, parts: int) -> Iterator[tuple[int, int, int]]:
    ends = np.linspace(0, whole, parts + 1).astype(int)
    for number in range(parts):
        yield number, int(ends[number]), int(ends[number + 1])


def _category(codes: Any, values: list[str]) -> pa.Array:
    """Codes from 0; -1 is missing."""
    codes = np.asarray(codes)
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32), mask=codes < 0), pa.array(values))


class Bank:
    """Items that get harder from level to level; every tenth gives two points and is not a choice."""

    def __init__(self, items: int, seed: int) -> None:
        rng = np.random.default_rng([seed, 0])
        number = np.arange(items)
        self.ids = [f"item-{one:04}" for one in number]
        self.top = np.where(number % 10 == 9, 2, 1)
        self.level = 1 + number % 6
        self.difficulty = rng.normal((self.level - 3.5) / 2, 0.7)
        self.slope = rng.lognormal(0, 0.25, items)
        self.competence = number % len(COMPETENCES)

    def responses(self, who: Any, rng: np.random.Generator) -> pa.Table:
        """All answers of some learners, one learner after another."""
        n, k = len(who), len(self.ids)
        ability = rng.normal(size=(n, 1))
        chance = 1 / (1 + np.exp(-self.slope * (ability - self.difficulty)))
        score = (rng.random((n, k)) < chance).astype(np.int8) + ((rng.random((n, k)) < chance) & (self.top == 2))
        # 0 answered, 1 skipped, 2 not reached, 3 cut off
        outcome = np.where(rng.random((n, k)) < 0.03, 1, 0)
        reached = np.where(rng.random((n, 1)) < 0.08, rng.integers(k // 2, k, (n, 1)), k)
        outcome = np.where(np.arange(k) > reached, 2, np.where(np.arange(k) == reached, 3, outcome))
        answered = outcome == 0
        verdict = np.where(score == self.top, 0, np.where(score > 0, 1, 2))
        choice = answered & (self.top == 1)
        option = np.where(score > 0, 0, 1 + (rng.random((n, k)) * 3).astype(np.int8))
        help_ = np.where(rng.random((n, k)) < 0.05, 1, np.where(rng.random((n, k)) < 0.03, 2, 0))
        elapsed = (rng.lognormal(9.6, 0.6, (n, k)) // 100 * 100).astype(np.int64)
        since = np.cumsum(elapsed, axis=1) // 1000
        told = answered & (rng.random((n, k)) < 0.2)

        def flat(table: Any) -> Any:
            return np.ascontiguousarray(np.broadcast_to(table, (n, k))).ravel()

        def whole(table: Any, known: Any = None) -> pa.Array:
            return pa.array(flat(table), pa.int64(), mask=None if known is None else ~flat(known))

        def text(codes: Any, values: list[str], known: Any = True) -> pa.Array:
            return _category(flat(np.where(known, codes, -1)), values)

        number = np.arange(k)
        person = who[:, None] + 1
        domains = sorted({code.split(".")[0] for code in COMPETENCES})
        domain = np.array([domains.index(code.split(".")[0]) for code in COMPETENCES])[self.competence]
        options = ["a", "b", "c", "d"]
        return pa.table(
            {
                "learner": whole(person),
                "attempt": whole(person),
                "classroom": whole(1 + who[:, None] // CLASS_SIZE),
                "form": text(0, ["khao-sat"]),
                "form_version": whole(1),
                "mode": text(0, ["assessment"]),
                "attempt_status": text(0, ["finished"]),
                "finish_reason": text(0, ["learner"]),
                "bank_version": text(0, ["0" * 16]),
                "position": whole(number + 1),
                "item": text(number, self.ids),
                "item_version": whole(1),
                "kind": text(self.top - 1, ["single_choice", "number"]),
                "competence": text(self.competence, COMPETENCES),
                "domain": text(domain, domains),
                "level": whole(self.level),
                "outcome": text(outcome, ["answered", "skipped", "not_reached", "cut_off"]),
                "try": whole(answered),
                "last": pa.array(np.ones(n * k, bool)),
                "option": text(option, options, choice),
                "response": text(option, [f'{{"choice":"{one}"}}' for one in options], choice),
                "score": whole(score, answered),
                "max": whole(self.top),
                "verdict": text(verdict, ["right", "partly", "wrong"], answered),
                "reason": text(-1, ["none"]),
                "help": text(help_, ["none", "hint", "teacher"]),
                "confidence": whole(1 + (rng.random((n, k)) * 4).astype(np.int8), told),
                "elapsed_ms": whole(elapsed, answered),
                "since_start_s": whole(since, answered),
                "neutralised": pa.array(np.zeros(n * k, bool)),
                "after_solutions": pa.array(np.zeros(n * k, bool)),
                "adaptive_version": text(-1, ["none"]),
            }
        )

    def table(self) -> pa.Table:
        """The items."""
        domain = [COMPETENCES[one].split(".")[0] for one in self.competence]
        return pa.table(
            {
                "item": self.ids,
                "item_version": np.ones(len(self.ids), np.int64),
                "kind": ["single_choice" if top == 1 else "number" for top in self.top],
                "competence": [COMPETENCES[one] for one in self.competence],
                "domain": domain,
                "level": self.level,
                "max": self.top,
                "digest": ["0" * 16] * len(self.ids),
            }
        )


def _learners(who: Any, commune: str, day: date, rng: np.random.Generator) -> pa.Table:
    n = len(who)
    return pa.table(
        {
            "learner": who + 1,
            "classroom": 1 + who // CLASS_SIZE,
            "province": [PROVINCE] * n,
            "commune": [commune] * n,
            "audience": _category(rng.integers(-1, len(AUDIENCES), n), AUDIENCES).cast(pa.string()),
            "age_band": _category(rng.integers(-1, len(AGE_BANDS), n), AGE_BANDS).cast(pa.string()),
            "sex": _category(rng.integers(-1, 2, n), ["female", "male"]).cast(pa.string()),
            "region": ["rural"] * n,
            "device": _category(rng.integers(-1, 3, n), ["phone", "tablet", "computer"]).cast(pa.string()),
            "first_day": [day] * n,
        }
    )

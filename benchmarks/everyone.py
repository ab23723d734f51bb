"""Learners a second whose ability is found from a dataset's Parquet files (`bdhvs.analysis.everyone`).

    OPENBLAS_NUM_THREADS=1 python benchmarks/everyone.py                         # 200,000 learners × 60 answers, made first
    OPENBLAS_NUM_THREADS=1 python benchmarks/everyone.py --data /tmp/province --processes 2 --runs 3

``cpu_s`` is processor time of all processes: two cores that nobody else uses take half of it.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from machine import say, tell

from bdhvs.analysis.everyone import Scale, score_everyone
from bdhvs.measurement.calibrated import CalibratedItems


def scale(items: int) -> Scale:
    """Parameters of the items of `made_dataset`: any will do, for what they are takes no time."""
    rng = np.random.default_rng(1)
    slope, intercept = rng.lognormal(0, 0.25, items), rng.normal(size=items)
    rows = [
        [a, *[c] * (2 if number % 10 == 9 else 1)] for number, (a, c) in enumerate(zip(slope, intercept, strict=True))
    ]
    return Scale(CalibratedItems.of_rows([f"item-{number:04}@1" for number in range(items)], rows))


def measure(data: Path, items: int, processes: int) -> dict[str, Any]:
    begin, before = time.perf_counter(), os.times()
    found = score_everyone(data, scale(items), processes=processes)
    seconds, after = time.perf_counter() - begin, os.times()
    cpu_s = sum(after[:4]) - sum(before[:4])
    return {
        "learners": found.num_rows,
        "seconds": round(seconds, 2),
        "cpu_s": round(cpu_s, 2),
        "learners_per_second": round(found.num_rows / seconds),
        "learners_per_processor_second": round(found.num_rows / cpu_s),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a dataset of `made_dataset`; else one is made")
    parser.add_argument("--learners", type=int, default=200_000)
    parser.add_argument("--items", type=int, default=60)
    parser.add_argument("--communes", type=int, default=20)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = options.data or Path(folder) / "dataset"
        if not data.exists():
            from made_dataset import make_dataset

            say("making the dataset")
            make_dataset(data, learners=options.learners, items=options.items, communes=options.communes, days=3)
        rows = json.loads((data / "manifest.json").read_text())["rows"]["responses"]
        figures = {}
        for processes in options.processes:
            runs = [measure(data, options.items, processes) for _ in range(options.runs)]
            say(f"{processes} processes: {runs}")
            figures[f"{processes} processes"] = {"best": min(runs, key=lambda one: one["seconds"]), "runs": runs}
        tell("everyone", {"responses": rows, "items": options.items, "runs": options.runs}, figures)


if __name__ == "__main__":
    main()

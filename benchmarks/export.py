"""How fast a data folder becomes a dataset, and how large it is: ``python benchmarks/export.py --responses 1000000``.

Makes a data folder of invented learners in classes of 30 (30 answers an attempt), then in a process of its own exports it at
both levels, verifies the dataset, and reads it as a frame. Prints JSON: seconds (by the clock and of the processor),
rows a second, MB, peak memory.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from bdhvs.core.attempt_events import Answered, ItemRef, Rules
from bdhvs.core.identifiers import uuid7
from bdhvs.core.items.base import Score
from bdhvs.store import AttemptRow, ClassEventRow, ClassroomRow, ItemVersionRow, Store, statements, to_row
from bdhvs.store.folder import DATABASE
from bdhvs.store.learners import PLACE

CLASS, ANSWERS, ITEMS, COMMUNES = 30, 30, 300, 40
START_US, DAY_US = 1_790_000_000_000_000, 86_400_000_000


class _Ids:
    def __init__(self) -> None:
        self.count = 0

    def __call__(self, at_us: int = START_US) -> str:
        self.count += 1
        return uuid7(at_us, self.count.to_bytes(10, "big"))


def make(folder: Path, responses: int) -> None:
    """Past the writer, in one transaction: a million durable commits are measured elsewhere (answers.py)."""
    rng, ids = random.Random(7), _Ids()
    items = [f"cau-{n}" for n in range(ITEMS)]
    Store.open(folder).close()
    with closing(sqlite3.connect(folder / DATABASE)) as file, file:
        for n, one in enumerate(items):
            about = {
                "skills": ["tin_nhan"],
                "options": [{"id": name, "text": "Một câu trả lời " * 4} for name in "abcd"],
            }
            row = ItemVersionRow(one, 1, "single_choice", f"{n % 6 + 1}.1", 1 + n % 4, 1, f"d{n}", about)
            file.execute(*statements.insert_item_version(row))
        for number in range(max(1, responses // (CLASS * ANSWERS))):
            at_us = START_US + rng.randrange(60) * DAY_US
            room = ClassroomRow(ids(), f"L{number}", "Lớp", at_us)
            place = {"province": "38", "commune": f"{14000 + number % COMMUNES}", "region": "rural", "audience": None}
            event = ClassEventRow(ids(), room.id, at_us, PLACE, details={**place, "commune_name": None})
            file.execute(*statements.insert_classroom(room))
            file.execute(*statements.insert_class_event(event))
            for _ in range(CLASS):
                _learner(file, rng, ids, room.id, at_us, items)


def _learner(file: sqlite3.Connection, rng: random.Random, ids: _Ids, room: str, at_us: int, items: list[str]) -> None:
    learner, attempt = ids(at_us), ids(at_us)
    chosen = tuple(ItemRef(one, 1) for one in rng.sample(items, ANSWERS))
    rules = Rules(practice=False, allow_back=True, tries=1)
    row = AttemptRow(attempt, learner, room, "de", 1, "assessment", 1, True, "vi", "b1", at_us, rules, chosen, "phone")
    file.execute(statements.INSERT_LEARNER, (learner, room, at_us, "vi"))
    file.execute(*statements.insert_attempt(row))
    for seq, item in enumerate(chosen, start=1):
        right = rng.random() < 0.6
        score = Score(int(right), 1, "right" if right else "wrong")
        said = {"choice": "a" if right else rng.choice("bcd")}
        fact = Answered(item.id, said, score, elapsed_ms=rng.randrange(5000, 60_000))
        file.execute(*statements.insert_event(to_row(fact, attempt, ids(at_us), seq, at_us + seq * 30_000_000, 1)))


def measure(data: Path, out: Path, privacy: str) -> dict[str, Any]:
    """Run in a process of its own, so that its peak memory is its own."""
    from bdhvs import frames
    from bdhvs.dataset import open_dataset
    from bdhvs.dataset.export import export

    begun, cpu = time.perf_counter(), time.process_time()
    with Store.read_only(data) as store:
        manifest = export(store, out, privacy=privacy)  # type: ignore[arg-type]  # one of both
    exported_s = time.perf_counter() - begun
    found: dict[str, Any] = {
        "rows": dict(manifest.rows),
        "export_s": round(exported_s, 1),
        "export_cpu_s": round(time.process_time() - cpu, 1),
        "export_peak_mb": _peak_mb(),
    }
    begun = time.perf_counter()
    dataset = open_dataset(out)
    found["verify_s"] = round(time.perf_counter() - begun, 2)
    found["files"] = len(dataset.manifest.files)
    found["mb"] = round(sum(part.bytes for part in dataset.manifest.files) / 1e6, 1)
    if privacy == "research":
        found["rows_per_s"] = round(manifest.rows["responses"] / exported_s)
        begun = time.perf_counter()
        frame = frames.responses(out)
        found |= {
            "frame_s": round(time.perf_counter() - begun, 1),
            "frame_mb": round(frame.memory_usage(deep=True).sum() / 1e6),
        }
    return found


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--responses", type=int, default=1_000_000)
    parser.add_argument("--measure", nargs=3, metavar=("DATA", "OUT", "LEVEL"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        print(json.dumps(measure(Path(asked.measure[0]), Path(asked.measure[1]), asked.measure[2])))
        return
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        make(data, asked.responses)
        found: dict[str, Any] = {"data_mb": round(sum(path.stat().st_size for path in data.iterdir()) / 1e6)}
        for level in ("research", "public"):
            command = [sys.executable, __file__, "--measure", str(data), str(Path(folder) / level), level]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            found[level] = json.loads(done.stdout)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()

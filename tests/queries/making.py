"""Small datasets that hold what trips an engine up, row by row, and written as the contract says."""

from __future__ import annotations

import random
import shutil
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bdhvs.dataset import DatasetWriter, Part, Partition, open_dataset
from bdhvs.dataset.manifest import NAME, manifest_text
from bdhvs.dataset.parts import checksum
from bdhvs.dataset.schema import NOT_GIVEN, TABLES

Row = dict[str, Any]
#: id, version, kind, competence, max. Ids that sort otherwise by a language's rules than by code points; two versions of one.
ITEMS = [
    ("an-toan", 1, "single_choice", "4.1", 1),
    ("an-toan", 2, "single_choice", "4.1", 1),
    ("Ảnh-chụp", 1, "single_choice", "3.1", 1),
    ("đổi-mật-khẩu", 1, "number", "4.2", 3),
    ("zalo-🙂", 1, "number", "2.1", 2),
    ("B-hoa", 1, "single_choice", "2.1", 1),
    ("ai-cung-dung", 1, "single_choice", "2.1", 1),
    ("khong-ai-lam", 1, "single_choice", "5.1", 1),
    ("tu-danh-gia", 1, "self_assessment", "4.1", None),
]
#: Codes that are no numbers, or would lose a zero as one.
COMMUNES = ["00123", "14755", "none", "Xa-moi"]
SILENT_COMMUNE = "90000"  # everybody there was cut off before the first answer
FIRST_DAY = date(2026, 11, 20)


def awkward(seed: int = 7, learners: int = 60) -> dict[str, list[Row]]:
    """Rows of all four tables."""
    rng = random.Random(seed)
    tables: dict[str, list[Row]] = {name: [] for name in TABLES if name != "combinations"}
    attempt = 0
    for learner in range(1, learners + 1):
        commune = SILENT_COMMUNE if learner == learners and learners > 1 else COMMUNES[learner % len(COMMUNES)]
        province = "none" if commune == "none" else "01"
        person = {"learner": learner, "classroom": 1 + learner // 15, "province": province, "commune": commune}
        tables["learners"].append(person | _told(rng, learner))
        for retake in range(rng.choice([1, 1, 2, 3])):
            attempt += 1
            began = FIRST_DAY + timedelta(days=retake * rng.choice([0, 1]) + learner % 2)
            tables["responses"] += _attempt(rng, person, attempt, began)
            tables["scores"] += _scores(rng, person, attempt, began)
    known = {(row["item"], row["item_version"]) for row in tables["responses"]}
    for item, version, kind, competence, top in ITEMS:
        if (item, version) in known:
            about = {"item": item, "item_version": version, "kind": kind, "competence": competence}
            tables["items"].append(about | {"domain": competence[0], "level": 2, "max": top, "digest": "d"})
    return tables


def _told(rng: random.Random, learner: int) -> Row:
    return {
        "audience": rng.choice(["elderly", "official", None]),
        "age_band": rng.choice(["25_39", "75_up", None]),
        "sex": rng.choice(["female", "male", None]),
        "region": rng.choice(["rural", None]),
        "device": "phone",
        "first_day": FIRST_DAY + timedelta(days=learner % 2),
    }


def _attempt(rng: random.Random, person: Row, attempt: int, day: date) -> list[Row]:
    mode = "practice" if attempt % 5 == 0 else "assessment"
    finished = rng.random() < 0.8
    head = {
        **person,
        "day": day,
        "attempt": attempt,
        "form": rng.choice(["thử-nghiệm", "kiem-tra"]),
        "form_version": 1,
        "mode": mode,
        "attempt_status": "finished" if finished else rng.choice(["started", "paused"]),
        "finish_reason": rng.choice(["learner", "teacher", "time"]) if finished else None,
        "bank_version": "b" * 8,
        "adaptive_version": None,
    }
    items = [one for one in ITEMS if one[:2] != ("an-toan", 1 + attempt % 2)]  # a booklet each: one of the two versions
    rng.shuffle(items)
    last_seen = 0 if person["commune"] == SILENT_COMMUNE else rng.choice([3, 9, 9, 9])
    rows = []
    for position, (item, version, kind, competence, top) in enumerate(items, start=1):
        about = {
            "position": position, "item": item, "item_version": version, "kind": kind, "competence": competence,
            "domain": competence[0], "level": 2, "max": top, "neutralised": item == "B-hoa" and person["classroom"] == 2,
        }  # fmt: skip
        if position > last_seen or item == "khong-ai-lam":
            outcome = "cut_off" if position == last_seen + 1 else "not_reached"
            rows.append(head | about | _silence(outcome, "none"))
        elif rng.random() < 0.12:
            rows.append(head | about | _silence("skipped", rng.choice(["none", "hint"])))
        else:
            rows += [head | about | one for one in _answers(rng, item, kind, top, mode)]
    return rows


def _silence(outcome: str, help_got: str) -> Row:
    nothing = dict.fromkeys(
        ("option", "response", "score", "verdict", "reason", "confidence", "elapsed_ms", "since_start_s")
    )
    return {"outcome": outcome, "try": 0, "last": True, "help": help_got, "after_solutions": False, **nothing}


def _answers(rng: random.Random, item: str, kind: str, top: int | None, mode: str) -> list[Row]:
    tries = rng.choice([1, 1, 2])
    rows = []
    for number in range(1, tries + 1):
        points = None if top is None else top if item == "ai-cung-dung" else rng.randint(0, top)
        verdict = "noted" if top is None else "right" if points == top else "partly" if points else "wrong"
        option = None if kind != "single_choice" else "a" if points else rng.choice(["b", "c"])
        rows.append(
            {
                "outcome": "answered", "try": number, "last": number == tries, "option": option,
                "response": f'{{"choice":"{option}"}}' if option else None, "score": points, "verdict": verdict,
                "reason": None, "help": rng.choice(["none", "none", "hint", "teacher"]),
                "confidence": rng.choice([None, 1, 2, 3, 4]), "elapsed_ms": rng.choice([None, 1500, 1500, 2000, 40000]),
                "since_start_s": number * 10, "after_solutions": mode == "practice" and number > 1,
            }
        )  # fmt: skip
    return rows


def _scores(rng: random.Random, person: Row, attempt: int, day: date) -> list[Row]:
    place = {name: person[name] for name in ("learner", "province", "commune")}
    return [
        {
            **place, "attempt": attempt, "day": day, "newest": rng.random() < 0.6, "score_version": rng.choice(["v1", "v2"]),
            "calibration": "2026-11-01", "cut_scores": "du-kien", "model": "correlated", "synthetic": False, "gate": "open",
            "domain": domain, "tasks": 4, "ability": rng.gauss(0, 1), "se": 0.4,
            "band": rng.choice(["below", "cơ bản", "trung cấp", None]), "at_least": None,
        }
        for domain in "24"
    ]  # fmt: skip


def write(folder: Path, tables: dict[str, list[Row]], *, synthetic: bool = True) -> Path:
    """The rows as a dataset. Combinations are the writer's."""
    with DatasetWriter(folder, k=None, synthetic=synthetic) as writer:
        for name, rows in tables.items():
            places: dict[Partition | None, list[Row]] = defaultdict(list)
            for row in rows:
                places[Partition(row["province"], row["commune"], row["day"]) if name == "responses" else None].append(
                    row
                )
            for place, some in places.items():
                some.sort(key=lambda row: row.get("learner", 0))
                columns = [key for key in TABLES[name] if place is None or key not in NOT_GIVEN]
                writer.write(name, {key: [row[key] for row in some] for key in columns}, place)
    return folder


def older(folder: Path, out: Path) -> Path:
    """The dataset in `folder` as version 1 of the tables had it: without combinations."""
    import pyarrow.parquet as pq

    shutil.copytree(folder, out)
    shutil.rmtree(out / "combinations")
    manifest = open_dataset(folder).manifest
    parts = []
    for part in manifest.files:
        path = out / part.path
        if part.table == "responses":
            pq.write_table(pq.ParquetFile(path).read().drop_columns("combination"), path)
        if part.table != "combinations":
            parts.append(Part(part.path, part.table, part.rows, path.stat().st_size, checksum(path)))
    rows = {name: count for name, count in manifest.rows.items() if name != "combinations"}
    was = replace(manifest, schema_version=1, rows=rows, files=tuple(parts))
    (out / NAME).write_text(manifest_text(was), "utf-8")
    return out

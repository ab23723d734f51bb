"""A frame small enough to count by hand, in the types of `bdhvs.responses`; and an invented class."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib
import pandas as pd
import pytest

import bdhvs
from bdhvs.analysis.example import example_class
from bdhvs.analysis.gallery import Invented

matplotlib.use("Agg")

#: learner, item, competence, outcome, try, last, score, max, verdict, seconds
ROWS: list[tuple[Any, ...]] = [
    ("A", "mot", "1.1", "answered", 1, True, 1, 1, "right", 10),
    ("A", "hai", "1.2", "answered", 1, False, 0, 1, "wrong", 40),  # changed afterwards: the last one counts
    ("A", "hai", "1.2", "answered", 2, True, 1, 1, "right", 5),
    ("A", "ba", "4.2", "answered", 1, True, 1, 3, "partly", None),
    ("B", "mot", "1.1", "answered", 1, True, 1, 1, "right", 20),
    ("B", "hai", "1.2", "skipped", 0, True, None, 1, None, None),
    ("B", "ba", "4.2", "answered", 1, True, 3, 3, "right", 60),
    ("C", "mot", "1.1", "answered", 1, True, 0, 1, "wrong", 30),
    ("C", "hai", "1.2", "cut_off", 0, True, None, 1, None, None),
    ("C", "ba", "4.2", "not_reached", 0, True, None, 3, None, None),
]
NAMES = ("learner", "item", "competence", "outcome", "try", "last", "score", "max", "verdict", "seconds")


def frame_of(rows: list[tuple[Any, ...]], mode: str = "assessment") -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(NAMES))
    frame["elapsed_ms"] = (frame.pop("seconds").astype("Float64") * 1000).astype("Int64")
    frame["domain"] = frame["competence"].str.split(".").str[0]
    frame["item_version"] = 1
    frame["mode"] = mode
    whole = dict.fromkeys(("try", "score", "max", "item_version"), "Int64")
    texts = dict.fromkeys(("learner", "item", "competence", "domain", "outcome", "verdict", "mode"), "category")
    return frame.astype(whole | texts)


@pytest.fixture
def counted() -> pd.DataFrame:
    return frame_of(ROWS)


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    folder: Path = tmp_path_factory.mktemp("example") / "data"
    return bdhvs.responses(example_class(folder, learners=6, seed=7))


@pytest.fixture(scope="session")
def made() -> Invented:
    """Invented answers of 300 learners and every report on them, each made once."""
    pytest.importorskip("numpy")
    return Invented(learners=300, draws=5)

"""Rows of a dataset for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from bdhvs.dataset import Partition
from bdhvs.dataset.schema import NOT_GIVEN, RESPONSES

PLACE = Partition("038", "00004", date(2026, 3, 2))


def columns(learners: list[int], **given: list[Any]) -> dict[str, list[Any]]:
    """Columns of as many responses as there are learners named; what is not given is missing."""
    empty = {name: [None] * len(learners) for name in RESPONSES if name not in NOT_GIVEN}
    return {**empty, "learner": learners, **given}

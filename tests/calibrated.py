"""The shipped content with a calibration and cut scores, all invented: nobody has answered this bank yet."""

from __future__ import annotations

import shutil
from pathlib import Path

from bdhvs.bank.calibration import Calibration, ItemEstimate, Sample, write_calibration
from bdhvs.bank.loader import Bank
from bdhvs.bank.paths import Content, find_content
from bdhvs.measurement.thresholds import tag_difficulty
from bdhvs.service.bands import cut_scores_by_response

DAY = "2026-11-01"
HIGHEST_CUT = 4  # a form of one task a competence can show that somebody has reached the middle band, not which they are above it


def copied_content(folder: Path) -> Content:
    """A copy of the shipped content in `folder`."""
    content = find_content()
    for name in ("assessments", "notebooks"):
        shutil.copytree(getattr(content, name), folder / name)
    return find_content(folder)


def invented(bank: Bank, *, version: str = DAY, synthetic: bool = True, slope: float = 1.5, shift: float = 0.0) -> Calibration:
    """Every item where its level puts it, `shift` logits harder, known as from 400 learners who never were."""
    items = tuple(
        ItemEstimate(
            id=item.id,
            version=item.version,
            slope=slope,
            intercepts=tuple(-slope * (tag_difficulty(item.level) + shift) * score for score in range(1, item.maximum + 1)),
            difficulty=tag_difficulty(item.level) + shift,
            slope_error=0.1,
            difficulty_error=0.1,
            persons=400,
        )
        for item in bank.items.values()
    )
    sample = Sample(persons=400, answers=400 * len(items), first=DAY, last=DAY, synthetic=synthetic)
    return Calibration(
        version=version, date=version[:10], program="tests/calibrated.py", bank=bank.version, kind="gpcm", family="partial_credit",
        nodes=61, sample=sample, mean=0.0, sd=1.3, loglik=0.0, converged=True, items=items,
    )  # fmt: skip


def add(content: Content, made: Calibration, *, cuts: bool = True) -> None:
    """Put a calibration, and with it cuts on its scale set in use, into the content."""
    write_calibration(content, made)
    if cuts:
        scores = cut_scores_by_response(Bank.load(content.assessments.parent), made, made.date, "in_use")
        scores = scores.model_copy(update={"cuts": tuple(one for one in scores.cuts if one.level <= HIGHEST_CUT)})
        (content.assessments / "cut_scores" / f"{scores.id}.yaml").write_text(scores.as_yaml(), "utf-8")


def calibrated_content(folder: Path, *, synthetic: bool = True) -> Content:
    """A copy of the content with an invented calibration, marked as such unless a test needs it to pass for people's."""
    content = copied_content(folder)
    add(content, invented(Bank.load(folder), synthetic=synthetic))
    return content

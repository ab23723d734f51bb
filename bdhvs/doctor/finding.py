"""What the doctor says about one thing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from bdhvs.i18n import Gettext

Verdict = Literal["ok", "note", "problem"]
MIB = 2**20


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: ``problem`` means that a class cannot work so, ``note`` that somebody should know.

    ``text`` is a sentence in the reader's language, with what to change; ``figures`` are the numbers behind it
    (seconds, bytes, counts; a figure that could not be had is None).
    """

    check: str
    verdict: Verdict
    text: str
    figures: dict[str, object] = field(default_factory=dict)


def overall(findings: Iterable[Finding]) -> Verdict:
    """The worst of the verdicts."""
    found = {one.verdict for one in findings}
    return "problem" if "problem" in found else "note" if "note" in found else "ok"


def megabytes(amount: int) -> str:
    """Bytes as whole megabytes, the unit in which laptops and phones say it."""
    return f"{amount // MIB} MB"


def seconds(duration: float, _: Gettext) -> str:
    """Seconds with one decimal, in the reader's way of writing it."""
    whole, tenth = divmod(round(duration * 10), 10)
    return _("{whole}.{tenth} seconds").format(whole=whole, tenth=tenth)

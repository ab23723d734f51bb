"""What is taught: questions, lessons and their pages, live notebooks."""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bdhvs.bank.loader import Bank, read_bank
from bdhvs.bank.paths import Content
from bdhvs.doctor.finding import Finding, megabytes, seconds
from bdhvs.errors import BdhvsError, FrameworkError, LessonError, Problem
from bdhvs.i18n import Gettext
from bdhvs.live.capacity import FORKED_BYTES, STARTED_BYTES
from bdhvs.live.notebooks import how_to_get_live, is_live, missing_for_live
from bdhvs.server.lessons import LessonInfo, LessonShelf, read_lessons, rendered_apart
from bdhvs.service.adaptive_versions import how_to_get_adaptive, missing_for_adaptive, unfit

#: A kernel behind a live notebook: forked on Linux, started anew elsewhere (benchmarks/live.py).
LIVE_BYTES = FORKED_BYTES if sys.platform == "linux" else STARTED_BYTES
SLOW_KERNEL_S = 20.0  # four lessons of this length are not ready when the class is
_ONE_CELL = {
    "cells": [{"cell_type": "code", "id": "one", "source": "1 + 1", "metadata": {}, "outputs": [], "execution_count": None}],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 5,
}


def check_content(content: Content, _: Gettext) -> tuple[Finding, Bank | None]:
    """Whether questions and quizzes load; the bank that a class would have, None when there is none."""
    bank: Bank | None = None
    problems: tuple[Problem, ...]
    try:
        bank, problems = read_bank(content)
    except FrameworkError as error:
        problems = error.problems
    errors = [str(one) for one in problems if one.severity == "error"]
    figures: dict[str, object] = {"folder": str(content.assessments), "errors": errors}
    if errors or bank is None or not bank.items:
        text = _("Questions: {n} mistakes in {folder}. See them with: bdhvs check")
        return Finding("content", "problem", text.format(n=len(errors), folder=content.assessments), figures), None
    figures |= {"items": len(bank.items), "forms": len(bank.forms)}
    text = _("Questions: {items} in {forms} quizzes, without a mistake.")
    return Finding("content", "ok", text.format(items=len(bank.items), forms=len(bank.forms)), figures), bank


def check_lessons(content: Content, bank: Bank, data: Path, _: Gettext) -> Finding:
    """Whether lessons can be read, and which pages still have to be made in this data folder."""
    try:
        lessons = read_lessons(content.notebooks / "hoc-vien")
    except LessonError as error:
        text = _("Lessons: one cannot be read. Repair it or take it away: {reason}")
        return Finding("lessons", "problem", text.format(reason=error), {"reason": str(error)})
    missing = unmade(lessons, bank, data)
    figures: dict[str, object] = {"lessons": len(lessons), "unmade": [str(info.path) for info in missing]}
    if not missing:
        return Finding("lessons", "ok", _("Lessons: {n}, all ready.").format(n=len(lessons)), figures)
    text = _("Lessons: {unmade} of {n} pages are still to be made. Open the class some minutes before people come.")
    return Finding("lessons", "note", text.format(unmade=len(missing), n=len(lessons)), figures)


def unmade(lessons: list[LessonInfo], bank: Bank, data: Path) -> list[LessonInfo]:
    """Lessons whose pages are not kept in the data folder."""
    return LessonShelf(tuple(lessons), data / "cache" / "lessons", bank.version).unmade()


def check_kernel(needed: bool, _: Gettext) -> Finding:
    """Whether a lesson can be made, by making one of a single line; `needed`: some still have to be made."""
    begin = time.perf_counter()
    try:
        with TemporaryDirectory(prefix="bdhvs-") as folder:
            notebook = Path(folder) / "one-cell.ipynb"
            notebook.write_text(json.dumps(_ONE_CELL), "utf-8")
            [(_path, page)] = rendered_apart([notebook], threading.Event())
            if page.error is not None:
                raise LessonError(page.error)
    except (BdhvsError, OSError) as error:
        text = _("Making lessons: Python's kernel does not start ({reason}). Install bdhvs anew: pip install --force-reinstall ipykernel")
        return Finding("kernel", "problem" if needed else "note", text.format(reason=error), {"reason": str(error)})
    took = time.perf_counter() - begin
    figures: dict[str, object] = {"seconds": round(took, 1)}
    if took > SLOW_KERNEL_S:
        text = _("Making lessons: works, but slowly ({time} each). Open the class well before people come.")
        return Finding("kernel", "note", text.format(time=seconds(took, _)), figures)
    return Finding("kernel", "ok", _("Making lessons: works, {time} each.").format(time=seconds(took, _)), figures)


def check_adaptive(bank: Bank, _: Gettext) -> Finding:
    """Whether adaptive forms, if there are any, can be given: numpy and scipy there, and a pool that can keep the rules."""
    forms = [form for form in bank.forms.values() if form.adaptive]
    missing = missing_for_adaptive()
    figures: dict[str, object] = {"adaptive": [form.id for form in forms], "missing": list(missing)}
    if not forms:
        return Finding("adaptive", "ok", _("Quizzes that adapt to each learner: none here."), figures)
    if missing:
        text = _("Quizzes that adapt to each learner: there are {n}, but they are not offered without: {command}")
        return Finding("adaptive", "note", text.format(n=len(forms), command=how_to_get_adaptive()), figures)
    wrong = {form.id: why for form in forms if (why := unfit(form, bank))}
    if wrong:
        text = _("Quizzes that adapt to each learner: {form} cannot be given. See why with: bdhvs check")
        return Finding("adaptive", "problem", text.format(form=next(iter(wrong))), {**figures, "wrong": wrong})
    return Finding("adaptive", "ok", _("Quizzes that adapt to each learner: {n}, ready.").format(n=len(forms)), figures)


def check_live(content: Content, students: int, free: int | None, _: Gettext) -> Finding:
    """Whether live notebooks, if there are any, can run: Voilà installed, memory for a kernel each."""
    live = [str(path) for path in sorted(content.notebooks.rglob("*.ipynb")) if is_live(path)]
    installed = not missing_for_live()
    needed = students * LIVE_BYTES
    figures: dict[str, object] = {"live": live, "voila": installed, "needed_bytes": needed if live else 0}
    if not live:
        return Finding("live", "ok", _("Live notebooks: none here, so Voilà is not needed."), figures)
    if not installed:
        text = _("Live notebooks: there are {n}, but Voilà is not installed: {command}")
        return Finding("live", "note", text.format(n=len(live), command=how_to_get_live()), figures)
    if free is not None and free < needed:
        text = _("Live notebooks: {free} of memory will do for {fit} people at once, not for {n}. Let people take turns.")
        fit = free // LIVE_BYTES
        return Finding("live", "note", text.format(free=megabytes(free), fit=fit, n=students), figures)
    return Finding("live", "ok", _("Live notebooks: {n}, Voilà is installed.").format(n=len(live)), figures)

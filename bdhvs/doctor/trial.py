"""A real class, joined by simulated phones over loopback: how long until everybody has a first question."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier

from bdhvs.doctor.disk import nearest_folder
from bdhvs.doctor.finding import MIB, Finding, seconds
from bdhvs.errors import BdhvsError
from bdhvs.i18n import Gettext
from bdhvs.rehearsal.child import ServedClass
from bdhvs.rehearsal.phone import Phone

MOST_PHONES = 40  # more would measure the phones, which run on the same machine here
PATIENT_S = 10.0  # after this people put the phone down or call
DOOMED_S = 60.0  # after this a browser gives up


@dataclass(frozen=True, slots=True)
class Trial:
    """What was measured. ``first_question_s``: of each phone, in order of size; ``server_bytes`` None: not known."""

    start_s: float
    first_question_s: tuple[float, ...]
    server_bytes: int | None


def check_trial(data: Path, content: Path | None, students: int, _: Gettext) -> Finding:
    """Start a class beside `data` (not in it), let phones come in at once, and judge."""
    try:
        return judge(run_trial(data, content, min(students, MOST_PHONES)), students, _)
    except (BdhvsError, OSError, HTTPException) as error:
        text = _("Trial: a class was started, but did not work: {reason}")
        return Finding("trial", "problem", text.format(reason=error), {"reason": str(error)})


def judge(trial: Trial, students: int, _: Gettext) -> Finding:
    """What a trial says about a class of `students`; with more people than phones the time grows in proportion."""
    measured = len(trial.first_question_s)
    last = trial.first_question_s[-1] * max(1.0, students / measured)
    figures: dict[str, object] = {
        "start_s": round(trial.start_s, 2),
        "phones": measured,
        "median_s": round(trial.first_question_s[measured // 2], 3),
        "last_s": round(trial.first_question_s[-1], 3),
        "last_of_all_s": round(last, 3),
        "estimated": students > measured,
        "server_mib": trial.server_bytes // MIB if trial.server_bytes is not None else None,
    }
    values = {"start": seconds(trial.start_s, _), "n": students, "time": seconds(last, _)}
    if last > DOOMED_S:
        text = _("Trial: when {n} phones come in at once, the last waits {time} for a first question. Close other programs, or use another machine.")
        return Finding("trial", "problem", text.format(**values), figures)
    if last > PATIENT_S:
        text = _("Trial: when {n} phones come in at once, the last waits {time} for a first question. Let people come in one table after another.")
        return Finding("trial", "note", text.format(**values), figures)
    text = _("Trial: a class is ready in {start}; when {n} phones come in at once, the last has a first question after {time}.")
    if students > measured:
        text += " " + _("(estimated from {phones} phones)").format(phones=measured)
    return Finding("trial", "ok", text.format(**values), figures)


def run_trial(data: Path, content: Path | None, phones: int) -> Trial:
    """A class in a folder of its own on the disk of `data`, with `phones` that all start at the same moment.

    Raises
    ------
    SetupError, NotAllowed, OSError, HTTPException
        when the class does not start, refuses a phone, or goes away.
    """
    with TemporaryDirectory(prefix=".bdhvs-trial-", dir=nearest_folder(data), ignore_cleanup_errors=True) as folder:
        own = Path(folder) / "data"
        with suppress(OSError):  # pages that are made already need not be made again; a class without them works, too
            shutil.copytree(data / "cache", own / "cache")
        begin = time.perf_counter()
        with ServedClass(own, "--name", "Trial", *(("--content", str(content)) if content else ())) as room:
            start_s = time.perf_counter() - begin
            took = _all_at_once(room, phones)
            return Trial(start_s, tuple(sorted(took)), _memory(room.pid))


def _all_at_once(room: ServedClass, phones: int) -> Sequence[float]:
    together = Barrier(phones)

    def one(number: int) -> float:
        phone = Phone(room.host, room.port)
        together.wait()
        begin = time.perf_counter()
        try:
            _first_question(phone, room.told["code"], f"Trial {number}")
        finally:
            phone.close()
        return time.perf_counter() - begin

    with ThreadPoolExecutor(phones) as pool:
        return list(pool.map(one, range(phones)))


def _first_question(phone: Phone, code: str, name: str) -> None:
    phone.join(code, name)
    for form in phone.quizzes()[:1]:  # a class may offer lessons only: then its home page is the end of the way
        phone.open(form)


def _memory(pid: int) -> int | None:
    try:
        import psutil  # type: ignore[import-untyped]  # comes with ipykernel, which needs it itself
    except ImportError:
        return None
    with suppress(psutil.Error):
        return int(psutil.Process(pid).memory_info().rss)
    return None

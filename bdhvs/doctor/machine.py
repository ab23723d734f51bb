"""The machine itself: memory, open files, Python."""

from __future__ import annotations

import sys

from bdhvs.doctor.finding import MIB, Finding, megabytes
from bdhvs.i18n import Gettext

#: A class server with its bank loaded and 160 people in it: 86 MiB measured, rounded up.
SERVER_BYTES = 120 * MIB
#: The process that makes a lesson's page and the kernel that it starts, one lesson at a time: 100 MiB measured.
LESSON_BYTES = 120 * MIB
#: A learner with one attempt: 45 KB measured over 400 learners; doubled for several quizzes in one class.
LEARNER_BYTES = 90 * 1024
#: The teacher's browser with the board. A class works without it on this machine, so it counts for the note only.
BROWSER_BYTES = 400 * MIB
#: What browsers open to one address at once; a phone holds some of them while its owner thinks.
CONNECTIONS_PER_PHONE = 6
#: Files of Python itself, the database, its readers, the log.
OWN_FILES = 100
LEAST_PYTHON = (3, 11)


def needed_memory(students: int) -> int:
    """Bytes that a class of `students` needs on the teacher's machine, without the teacher's browser."""
    return SERVER_BYTES + LESSON_BYTES + students * LEARNER_BYTES


def check_memory(students: int, free: int | None, _: Gettext) -> Finding:
    """Whether `free` bytes of memory (None: not known) will do."""
    needed = needed_memory(students)
    figures: dict[str, object] = {"free_bytes": free, "needed_bytes": needed}
    if free is None:
        text = _("Memory: this system does not tell how much is free. A class of {n} needs about {needed}.")
        return Finding("memory", "note", text.format(n=students, needed=megabytes(needed)), figures)
    values = {"free": megabytes(free), "n": students, "needed": megabytes(needed)}
    if free < needed:
        text = _("Memory: {free} free, but a class of {n} needs about {needed}. Close other programs, or use another machine.")
        return Finding("memory", "problem", text.format(**values), figures)
    if free < needed + BROWSER_BYTES:
        text = _("Memory: {free} free, enough for a class of {n} ({needed}). Close other programs, so that the teacher's page has room.")
        return Finding("memory", "note", text.format(**values), figures)
    text = _("Memory: {free} free; a class of {n} needs about {needed}.")
    return Finding("memory", "ok", text.format(**values), figures)


def check_open_files(students: int, limit: int | None, _: Gettext) -> Finding:
    """Whether the system lets one program hold a connection to every phone; `limit` None: there is none."""
    needed = OWN_FILES + students * CONNECTIONS_PER_PHONE
    figures: dict[str, object] = {"limit": limit, "needed": needed}
    if limit is None or limit >= needed:
        return Finding("open_files", "ok", _("Connections: enough for {n} phones.").format(n=students), figures)
    text = _("Connections: the system allows {limit} open files, but {n} phones need up to {needed}. Ask for more: ulimit -Hn {needed}.")
    return Finding("open_files", "problem", text.format(limit=limit, n=students, needed=needed), figures)


def check_python(version: tuple[int, int], _: Gettext) -> Finding:
    """Whether this Python is one that bdhvs is made for."""
    shown = ".".join(map(str, version))
    figures: dict[str, object] = {"python": shown}
    if version >= LEAST_PYTHON:
        return Finding("python", "ok", _("Python {version}.").format(version=shown), figures)
    text = _("Python {version} is too old. Install Python 3.11 or newer.")
    return Finding("python", "problem", text.format(version=shown), figures)


def open_file_limit() -> int | None:
    """Open files that a class may have (the hard limit: the class raises the soft one to it); None: no such limit."""
    if sys.platform == "win32":
        return None
    import resource

    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return None if hard == resource.RLIM_INFINITY else hard


def python_version() -> tuple[int, int]:
    return sys.version_info.major, sys.version_info.minor

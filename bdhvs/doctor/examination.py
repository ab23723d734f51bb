"""The whole examination, line by line in the order in which somebody would repair things."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bdhvs.bank.paths import find_content
from bdhvs.doctor import content as teaching
from bdhvs.doctor import disk, machine, network
from bdhvs.doctor.finding import Finding
from bdhvs.doctor.trial import check_trial
from bdhvs.errors import SetupError
from bdhvs.i18n import Gettext
from bdhvs.live.capacity import free_memory
from bdhvs.server.addresses import lan_addresses


@dataclass(frozen=True, slots=True)
class Plan:
    """The class that is planned. ``quick``: start neither a kernel nor a class."""

    students: int
    data: Path
    port: int | None = None
    content: Path | None = None
    quick: bool = False


def examine(plan: Plan, _: Gettext) -> Iterator[Finding]:
    """The findings, each as soon as it is known. What cannot be looked at for want of something earlier is left out."""
    yield machine.check_python(machine.python_version(), _)
    yield machine.check_memory(plan.students, free_memory(), _)
    yield machine.check_open_files(plan.students, machine.open_file_limit(), _)
    folder = disk.check_folder(plan.data, _)
    yield folder
    can_write = folder.verdict != "problem"
    if can_write:
        yield disk.check_space(disk.free_space(plan.data), _)
        yield _disk_speed(plan, _)
    yield from _network(plan, _)
    yield from _teaching(plan, can_write, _)


def _disk_speed(plan: Plan, _: Gettext) -> Finding:
    try:
        return disk.check_disk_speed(disk.time_writes(plan.data), _)
    except OSError as error:
        text = _("Saving: the disk does not take what is written ({reason}). Choose another folder.")
        return Finding("disk", "problem", text.format(reason=error.strerror), {"reason": str(error)})


def _network(plan: Plan, _: Gettext) -> Iterator[Finding]:
    finding, port = network.check_port(plan.port, _)
    yield finding
    yield network.check_firewall(port, network.active_firewalls(), _)
    yield network.check_addresses(lan_addresses(), network.network_names(), port, _)
    yield network.say_how_to_try(_)


def _teaching(plan: Plan, can_write: bool, _: Gettext) -> Iterator[Finding]:
    try:
        content = find_content(plan.content)
    except SetupError as error:
        text = _("Questions: none were found. Go to the folder that holds them, or name it: --content FOLDER")
        yield Finding("content", "problem", text, {"reason": str(error)})
        return
    finding, bank = teaching.check_content(content, _)
    yield finding
    if bank is None:
        return
    lessons = teaching.check_lessons(content, bank, plan.data, _)
    yield lessons
    yield teaching.check_adaptive(bank, _)
    yield teaching.check_live(content, plan.students, free_memory(), _)
    if plan.quick:
        return
    yield teaching.check_kernel(lessons.verdict != "ok", _)
    if can_write and lessons.verdict != "problem":
        yield check_trial(plan.data, plan.content, plan.students, _)

"""Each check under good and bad conditions. What the machine is like comes in as an argument or as a real file, port, folder."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bdhvs.bank.paths import Content, find_content
from bdhvs.doctor import content, disk, machine, network
from bdhvs.doctor.examination import Plan, examine
from bdhvs.doctor.finding import MIB, Finding, overall
from bdhvs.doctor.trial import MOST_PHONES, Trial, judge, run_trial
from bdhvs.i18n import translator
from bdhvs.store import Store

_ = translator("en")
SHIPPED = find_content(Path(__file__).parents[2])


# ── the machine ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("free", "verdict"),
    [
        (None, "note"),
        (machine.needed_memory(40) - 1, "problem"),
        (machine.needed_memory(40), "note"),
        (8192 * MIB, "ok"),
    ],
)
def test_memory_is_judged_by_what_the_class_needs(free: int | None, verdict: str) -> None:
    assert machine.check_memory(40, free, _).verdict == verdict


def test_more_learners_need_more_memory() -> None:
    assert machine.needed_memory(1000) - machine.needed_memory(40) == 960 * machine.LEARNER_BYTES


@pytest.mark.parametrize(("limit", "verdict"), [(None, "ok"), (1024, "ok"), (64, "problem")])
def test_every_phone_needs_connections(limit: int | None, verdict: str) -> None:
    found = machine.check_open_files(40, limit, _)
    assert found.verdict == verdict
    assert found.figures["needed"] == 340


@pytest.mark.parametrize(("version", "verdict"), [((3, 10), "problem"), ((3, 11), "ok"), ((3, 14), "ok")])
def test_an_old_python_is_said(version: tuple[int, int], verdict: str) -> None:
    assert machine.check_python(version, _).verdict == verdict


# ── the data folder ─────────────────────────────────────────────────────────────────────────────────────


def test_a_folder_that_is_not_there_yet_is_good_and_is_not_made(tmp_path: Path) -> None:
    assert disk.check_folder(tmp_path / "new" / "data", _).verdict == "ok"
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x")
    assert disk.check_folder(tmp_path / "data", _).verdict == "problem"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc takes no files from anybody, not even root")
def test_a_folder_that_takes_no_files_is_a_problem() -> None:
    assert disk.check_folder(Path("/proc/bdhvs-data"), _).verdict == "problem"


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_a_problem(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert disk.check_folder(tmp_path, _).verdict == "problem"


def test_a_folder_in_which_a_class_runs_is_left_alone(tmp_path: Path) -> None:
    with Store.open(tmp_path):
        before = (tmp_path / "lock").read_text()
        assert disk.check_folder(tmp_path, _).verdict == "note"
        assert (tmp_path / "lock").read_text() == before


@pytest.mark.parametrize(("free", "verdict"), [(MIB, "problem"), (100 * MIB, "note"), (9000 * MIB, "ok")])
def test_a_full_disk_is_a_problem(free: int, verdict: str) -> None:
    assert disk.check_space(free, _).verdict == verdict


@pytest.mark.parametrize(
    ("took", "verdict"),
    [([0.002] * 50, "ok"), ([0.002] * 45 + [0.4] * 5, "note"), ([9.0] * 50, "problem"), ([0.001], "ok")],
)
def test_a_slow_disk_is_said(took: list[float], verdict: str) -> None:
    assert disk.check_disk_speed(took, _).verdict == verdict


def test_writes_are_really_timed_and_leave_nothing(tmp_path: Path) -> None:
    took = disk.time_writes(tmp_path / "new", writes=5)
    assert len(took) == 5
    assert all(one > 0 for one in took)
    assert list(tmp_path.iterdir()) == []


# ── the network ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_taken_port_is_a_problem_when_it_was_asked_for() -> None:
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))
        taken.listen()
        port = taken.getsockname()[1]
        found, got = network.check_port(port, _)
    assert (found.verdict, got) == ("problem", port)
    assert network.check_port(port, _)[0].verdict == "ok"  # free again: the check itself does not hold it


def test_without_a_port_asked_for_a_free_one_is_found() -> None:
    found, port = network.check_port(None, _)
    assert found.verdict in ("ok", "note")
    assert found.figures["port"] == port


def test_a_firewall_that_is_on_comes_with_the_line_to_type() -> None:
    found = network.check_firewall(8010, ["ufw"], _, platform="linux")
    assert found.verdict == "note"
    assert "sudo ufw allow 8010/tcp" in found.text


@pytest.mark.parametrize(("platform", "verdict"), [("linux", "ok"), ("darwin", "note"), ("win32", "note")])
def test_each_system_has_its_own_word_on_firewalls(platform: str, verdict: str) -> None:
    assert network.check_firewall(8000, [], _, platform=platform).verdict == verdict


@pytest.mark.parametrize(("written", "found"), [("ENABLED=yes\n", True), ("# ENABLED=yes\nENABLED=no\n", False)])
def test_ufw_is_read_from_its_own_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, found: bool
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # a machine without systemd
    (tmp_path / "ufw.conf").write_text(written)
    assert network.active_firewalls(tmp_path / "ufw.conf") == (["ufw"] if found else [])


@pytest.mark.skipif(sys.platform == "win32", reason="services of systemd")
def test_services_are_asked_of_systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "systemctl"
    program.write_text('#!/bin/sh\n[ "$3" = firewalld ]\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert network.active_firewalls(tmp_path / "nothing") == ["firewalld"]


def test_without_a_network_no_phone_can_come() -> None:
    assert network.check_addresses([], {}, 8000, _).verdict == "problem"


def test_the_address_to_use_and_the_others_are_named() -> None:
    networks = {"192.168.1.5": "wlan0", "172.17.0.1": "docker0"}
    found = network.check_addresses(["192.168.1.5"], networks, 8000, _)
    assert found.verdict == "ok"
    assert "http://192.168.1.5:8000 (wlan0)" in found.text
    assert "172.17.0.1 (docker0)" in found.text
    assert found.figures["use"] == "192.168.1.5"


def test_a_network_inside_the_machine_is_no_way_for_phones() -> None:
    assert network.check_addresses(["172.17.0.1"], {"172.17.0.1": "docker0"}, 8000, _).verdict == "note"


def test_names_of_networks_leave_out_the_machine_itself() -> None:
    assert not any(address.startswith("127.") for address in network.network_names())


# ── questions and lessons ───────────────────────────────────────────────────────────────────────────────


def test_the_shipped_questions_load() -> None:
    found, bank = content.check_content(SHIPPED, _)
    assert found.verdict == "ok"
    assert bank is not None
    assert found.figures["items"] == len(bank.items)


def test_a_broken_question_is_a_problem(tmp_path: Path) -> None:
    own = tmp_path / "assessments"
    shutil.copytree(SHIPPED.assessments, own)
    next(own.glob("items/*/*.yaml")).write_text("id: [", "utf-8")
    found, bank = content.check_content(Content(own, tmp_path / "notebooks"), _)
    assert (found.verdict, bank) == ("problem", None)
    assert found.figures["errors"]


def test_lessons_that_are_not_made_yet_are_counted(tmp_path: Path) -> None:
    _found, bank = content.check_content(SHIPPED, _)
    assert bank is not None
    found = content.check_lessons(SHIPPED, bank, tmp_path, _)
    assert found.verdict == "note"
    assert len(found.figures["unmade"]) == found.figures["lessons"] > 0  # type: ignore[arg-type]


def test_a_content_without_lessons_has_none_to_make(tmp_path: Path) -> None:
    _found, bank = content.check_content(SHIPPED, _)
    assert bank is not None
    assert content.check_lessons(Content(SHIPPED.assessments, tmp_path), bank, tmp_path, _).verdict == "ok"


def test_an_unreadable_lesson_is_a_problem(tmp_path: Path) -> None:
    _found, bank = content.check_content(SHIPPED, _)
    assert bank is not None
    (tmp_path / "hoc-vien").mkdir()
    (tmp_path / "hoc-vien" / "x.ipynb").write_text("{")
    assert content.check_lessons(Content(SHIPPED.assessments, tmp_path), bank, tmp_path, _).verdict == "problem"


def live_notebook(folder: Path) -> Content:
    folder.mkdir(exist_ok=True)
    (folder / "a.ipynb").write_text(json.dumps({"cells": [], "metadata": {"bdhvs": {"live": True}}}))
    (folder / "b.ipynb").write_text("{")
    return Content(SHIPPED.assessments, folder)


def test_live_notebooks_need_voila_and_memory(tmp_path: Path) -> None:
    found = content.check_live(live_notebook(tmp_path), 40, 100 * MIB, _)
    assert found.verdict == "note"
    assert found.figures["live"] == [str(tmp_path / "a.ipynb")]
    assert found.figures["needed_bytes"] == 40 * content.LIVE_BYTES


def test_without_live_notebooks_voila_is_not_needed(tmp_path: Path) -> None:
    assert content.check_live(Content(SHIPPED.assessments, tmp_path), 40, 100 * MIB, _).verdict == "ok"


def test_a_kernel_that_starts_makes_a_lesson() -> None:
    assert content.check_kernel(True, _).verdict != "problem"


# ── the trial ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("last", "students", "verdict"), [(1.0, 2, "ok"), (1.0, 30, "note"), (1.0, 200, "problem")])
def test_more_people_than_phones_wait_longer_in_proportion(last: float, students: int, verdict: str) -> None:
    found = judge(Trial(2.0, (0.5, last), None), students, _)
    assert found.verdict == verdict
    assert found.figures["last_of_all_s"] == last * students / 2
    assert found.figures["estimated"] is (students > 2)


def test_a_real_class_is_tried_and_nothing_is_left(tmp_path: Path) -> None:
    trial = run_trial(tmp_path / "data", SHIPPED.assessments, 3)
    assert len(trial.first_question_s) == 3 <= MOST_PHONES
    assert list(trial.first_question_s) == sorted(trial.first_question_s)
    assert trial.start_s > 0 < trial.first_question_s[0]
    assert list(tmp_path.iterdir()) == []


# ── all together ────────────────────────────────────────────────────────────────────────────────────────


def test_the_worst_verdict_is_the_overall_one() -> None:
    def lines(*verdicts: str) -> list[Finding]:
        return [Finding("x", one, "") for one in verdicts]  # type: ignore[arg-type]

    assert overall(lines("ok", "ok")) == "ok"
    assert overall(lines("ok", "note")) == "note"
    assert overall(lines("problem", "note", "ok")) == "problem"


def test_what_cannot_be_looked_at_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    checks = [one.check for one in examine(Plan(40, tmp_path / "data", content=SHIPPED.assessments, quick=True), _)]
    assert "folder" in checks
    assert not {"space", "disk", "trial"} & set(checks)


def test_wrong_content_is_a_line_and_no_error(tmp_path: Path) -> None:
    found = list(examine(Plan(40, tmp_path / "data", content=tmp_path, quick=True), _))
    assert [one.verdict for one in found if one.check == "content"] == ["problem"]


@pytest.mark.parametrize("make", [lambda: machine.check_memory(40, 1, _), lambda: network.check_addresses([], {}, 1, _)])
def test_a_problem_says_what_to_change(make: Callable[[], Finding]) -> None:
    assert make().text.count(". ") >= 1

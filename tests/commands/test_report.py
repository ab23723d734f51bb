"""``bdhvs report`` on a real data folder."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bdhvs.cli import commands
from bdhvs.service.classrooms import ClassroomService
from bdhvs.store import Store


async def _class(store: Store, name: str, at_us: int, *learners: str) -> str:
    rooms = ClassroomService(store, now_us=lambda: at_us)
    room = await rooms.open_class(name, new=True)
    for learner in learners:
        await rooms.join(room.code, learner, "vi")
    return room.code


@pytest.fixture
def data(tmp_path: Path) -> tuple[Path, str, str]:
    """A folder with two classes, and their codes: the older one and the one opened last."""
    with Store.open(tmp_path / "data") as store:
        older = asyncio.run(_class(store, "Lớp sáng", 1_700_000_000_000_000, "Bác Năm"))
        newer = asyncio.run(_class(store, "Lớp chiều", 1_700_000_100_000_000, "Cô Tư"))
    return tmp_path / "data", older, newer


def report(*arguments: object) -> Result:
    return CliRunner().invoke(commands, ["report", *map(str, arguments), "--lang", "en"])


def test_without_a_file_a_summary_of_the_last_class_is_printed(data: tuple[Path, str, str]) -> None:
    folder, _, newer = data
    done = report(folder)
    assert done.exit_code == 0, done.output
    assert f"Lớp chiều ({newer})" in done.output
    assert "joined: 1" in done.output


def test_a_class_is_chosen_by_its_code_and_an_unknown_one_is_answered_with_those_there_are(
    data: tuple[Path, str, str],
) -> None:
    folder, older, newer = data
    assert "Lớp sáng" in report(folder, "--class", older.lower()).output
    unknown = report(folder, "--class", "BBBBBB")
    assert unknown.exit_code == 1
    assert f"{older}, {newer}" in unknown.output


def test_the_page_stands_alone_and_has_names_only_when_asked(data: tuple[Path, str, str], tmp_path: Path) -> None:
    folder, *_ = data
    assert report(folder, "--html", tmp_path / "plain.html").exit_code == 0
    plain = (tmp_path / "plain.html").read_text("utf-8")
    assert "Cô Tư" not in plain
    assert "Learner 1" in plain
    assert "@media print" in plain
    assert "/static/" not in plain
    assert "<script" not in plain
    assert report(folder, "--names", "--html", tmp_path / "named.html").exit_code == 0
    assert "Cô Tư" in (tmp_path / "named.html").read_text("utf-8")


def test_pdf_and_workbook_are_written_together(data: tuple[Path, str, str], tmp_path: Path) -> None:
    pytest.importorskip("fpdf")
    pytest.importorskip("openpyxl")
    folder, *_ = data
    done = report(folder, "--pdf", tmp_path / "r.pdf", "--xlsx", tmp_path / "r.xlsx")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "r.xlsx").read_bytes().startswith(b"PK")


def test_a_place_that_cannot_be_written_is_one_clean_line(data: tuple[Path, str, str], tmp_path: Path) -> None:
    folder, *_ = data
    done = report(folder, "--html", tmp_path / "nowhere" / "r.html")
    assert done.exit_code == 1
    assert "cannot be written" in done.output
    assert "Traceback" not in done.output


def test_what_a_plain_installation_lacks_is_not_needed(data: tuple[Path, str, str], tmp_path: Path) -> None:
    """A class is installed without numpy, scipy and pandas: page, PDF and workbook are made all the same."""
    made = [tmp_path / f"bao-cao.{ending}" for ending in ("html", "pdf", "xlsx")]
    options = [text for path in made for text in (f"--{path.suffix[1:]}", str(path))]
    hidden = "import sys; sys.modules.update(numpy=None, scipy=None, pandas=None, matplotlib=None, pyarrow=None)"
    code = f"{hidden}; from bdhvs.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code, "report", str(data[0]), *options], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert all(path.stat().st_size > 1000 for path in made)

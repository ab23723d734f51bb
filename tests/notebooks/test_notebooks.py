"""Every notebook runs from top to bottom, is stored without outputs, and says what it is."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from bdhvs.live.notebooks import in_language, is_live, read_live_notebooks
from bdhvs.server.lessons import read_lesson, render

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(path for path in FOLDER.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)
LIVE = [path for path in NOTEBOOKS if is_live(path)]
LESSONS = [path for path in NOTEBOOKS if "hoc-vien" in path.parts and path not in LIVE]
RESEARCH = [path for path in NOTEBOOKS if "nghien-cuu" in path.parts and path.stem != "doc-ket-qua"]  # test_research_notebooks.py
LESSONS_FOLDER = FOLDER / "hoc-vien"
KINDS = {"hoc-vien": "lesson", "giao-vien": "teacher", "nghien-cuu": "research"}
TIMEOUT_S = 120

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.relative_to(FOLDER).as_posix())
each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.relative_to(FOLDER).as_posix())


def run(path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The executed notebook; it runs in `folder`, which is empty or holds a class, on loopback, with its own home."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.id == "dong-lop":  # as the teacher does at the end of the day
            assert "= False" in cell.source
            cell.source = cell.source.replace("= False", "= True")
    return execute(notebook, folder, monkeypatch)


def execute(notebook: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    own = {"BDHVS_DATA": folder / "data", "BDHVS_HOST": "127.0.0.1", "XDG_DATA_HOME": folder / "home"}
    for name, value in own.items():
        monkeypatch.setenv(name, str(value))
    NotebookClient(notebook, timeout=TIMEOUT_S, resources={"metadata": {"path": str(folder)}}).execute()
    return notebook


@dataclass(frozen=True)
class Ran:
    """A notebook that ran in an empty folder, and what it left there."""

    notebook: Any
    folder: Path


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Ran]:
    """A notebook by its place in the folder of notebooks, run once for all tests: a kernel costs some seconds."""

    @cache
    def once(place: str) -> Ran:
        folder = tmp_path_factory.mktemp("notebook")
        with pytest.MonkeyPatch.context() as monkeypatch:
            return Ran(run(FOLDER / place, folder, monkeypatch), folder)

    return once


def shown(notebook: Any, cell_id: str) -> str:
    """All text of a cell's outputs."""
    outputs = next(cell for cell in notebook.cells if cell.id == cell_id).outputs
    return "\n".join(str(output.get("text", "")) + "".join(map(str, output.get("data", {}).values())) for output in outputs)


def test_there_are_notebooks_for_learners_teachers_and_researchers() -> None:
    assert {path.relative_to(FOLDER).parts[0] for path in NOTEBOOKS} == set(KINDS)


@each_notebook
def test_it_is_stored_without_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
    assert set(notebook.metadata) == {"bdhvs", "kernelspec", "language_info"}
    assert notebook.metadata.kernelspec.name == "python3"


@each_notebook
def test_it_says_what_it_is(path: Path) -> None:
    about = nbformat.read(path, as_version=4).metadata.bdhvs
    assert about.kind == KINDS[path.relative_to(FOLDER).parts[0]]
    assert about.title
    assert about.lang == ("en" if "en" in path.parts else "vi")
    if about.kind == "lesson":
        assert (read_lesson(path) is None) == is_live(path)  # a live one has no light page


def test_live_notebooks_are_found_in_order_and_show_exercises() -> None:
    found = read_live_notebooks(FOLDER / "hoc-vien")
    own = ["chuong-trinh-dau-tien", "tien-dien-thoai"]
    assert [one.id for one in in_language(found, "vi")] == own
    assert [one.id for one in in_language(found, "en")] == [f"{one}-en" for one in own]
    assert [one.id for one in in_language(found, "km")] == own
    assert {one.path for one in found} == set(LIVE)
    assert all("bdhvs.exercise(" in one.path.read_text("utf-8") for one in found)


def refuse_complaints(notebook: Any) -> None:
    assert not [output for cell in notebook.cells for output in cell.get("outputs", ()) if output.get("name") == "stderr"]


@pytest.mark.parametrize("path", [path for path in NOTEBOOKS if path not in (*LESSONS, *RESEARCH)], ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_it_runs_from_top_to_bottom(path: Path, ran: Callable[[str], Ran]) -> None:
    found = ran(path.relative_to(FOLDER).as_posix())
    refuse_complaints(found.notebook)
    if path.stem != "mo-lop":
        assert not (found.folder / "data").exists(), "only the notebook that opens a class makes one"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_lessons_run_from_top_to_bottom(lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One kernel for all: they only place quizzes. Between two of them everything is forgotten."""
    paths = [path for path in LESSONS if ("en" in path.parts) == (lang == "en")]
    whole = nbformat.v4.new_notebook()
    for path in paths:
        whole.cells += [nbformat.v4.new_code_cell("%reset -f"), *nbformat.read(path, as_version=4).cells]
    refuse_complaints(execute(whole, tmp_path, monkeypatch))
    assert not (tmp_path / "data").exists()
    assert len(paths) > 10


@pytest.mark.parametrize("place", ["giao-vien/mo-lop.ipynb", "giao-vien/en/mo-lop.ipynb"])
def test_the_teacher_s_notebook_opens_shows_the_board_reports_and_closes(place: str, ran: Callable[[str], Ran]) -> None:
    notebook, folder = ran(place).notebook, ran(place).folder
    assert "<svg" in shown(notebook, "mo-lop")
    assert "http://127.0.0.1:" in shown(notebook, "mo-lop")
    assert "BoardWidget" in shown(notebook, "bang")
    assert sorted(path.suffix for path in (folder / "bao-cao").iterdir()) == [".html", ".pdf", ".xlsx"]
    assert "<svg" not in shown(notebook, "dong-lop")
    assert (folder / "data" / "bdhvs.sqlite3").exists()


@pytest.mark.parametrize(
    ("place", "sign", "word"),
    [("giao-vien/so-sanh.ipynb", "SỐ LIỆU BỊA", "mẫu"), ("giao-vien/en/so-sanh.ipynb", "INVENTED DATA", "sample")],
)
def test_the_comparing_notebook_says_that_data_are_invented_and_what_a_class_is_not(
    place: str, sign: str, word: str, ran: Callable[[str], Ran]
) -> None:
    notebook = ran(place).notebook
    assert sign in shown(notebook, "chuan-bi")
    assert word in shown(notebook, "loi")
    for name in ("hinh", "hai-lop"):
        assert "image/png" in next(cell for cell in notebook.cells if cell.id == name).outputs[-1]["data"]


def test_the_comparing_notebook_reads_a_class_that_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bdhvs.analysis.example import example_course

    example_course(tmp_path / "data", learners=12)
    notebook = run(FOLDER / "giao-vien" / "so-sanh.ipynb", tmp_path, monkeypatch)
    assert "BỊA" not in shown(notebook, "chuan-bi")


def test_the_writing_notebook_saves_nothing_by_itself(ran: Callable[[str], Ran]) -> None:
    found = ran("giao-vien/soan-cau-hoi.ipynb")
    assert "ItemEditor" in shown(found.notebook, "viet")
    assert "Chưa có câu nào" in shown(found.notebook, "da-luu")
    assert not (found.folder / "cau-hoi-cua-toi").exists()


def test_the_researcher_s_notebook_marks_invented_data_and_draws_three_pictures(ran: Callable[[str], Ran]) -> None:
    notebook = ran("nghien-cuu/doc-ket-qua.ipynb").notebook
    assert "SỐ LIỆU BỊA" in shown(notebook, "chuan-bi")
    outputs = {cell.id: cell.get("outputs", ()) for cell in notebook.cells}
    pictures = [name for name in outputs if any("image/png" in one.get("data", {}) for one in outputs[name])]
    assert pictures == ["hinh-1", "hinh-2", "hinh-3"]


def test_the_researcher_s_notebook_reads_a_class_that_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bdhvs.analysis.example import example_class

    example_class(tmp_path / "data", learners=3)
    notebook = run(FOLDER / "nghien-cuu" / "doc-ket-qua.ipynb", tmp_path, monkeypatch)
    assert "SỐ LIỆU BỊA" not in shown(notebook, "chuan-bi")
    assert "3 người học" in shown(notebook, "chuan-bi")


def test_pictures_lie_beside_the_lessons_that_show_them_and_are_the_same_in_both_languages() -> None:
    """Plain Voilà shows no file above a notebook's folder, so the English lessons have copies of pictures without words."""
    vi, en = (LESSONS_FOLDER / "hinh", LESSONS_FOLDER / "en" / "hinh")
    for folder in (vi, en):
        shown_here = {one for path in folder.parent.glob("*.ipynb") for one in re.findall(r"\]\(([^)]+\.svg)\)", path.read_text("utf-8"))}
        assert shown_here == {f"hinh/{one.name}" for one in folder.iterdir()}
    both = {one.name for one in vi.iterdir()} & {one.name for one in en.iterdir()}
    assert both
    assert [name for name in sorted(both) if (vi / name).read_bytes() != (en / name).read_bytes()] == []


@each_lesson
def test_a_lesson_s_light_page_has_its_mount_points_and_no_script(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    page = render(path)
    asked = [match for cell in nbformat.read(path, as_version=4).cells for match in re.findall(r'bdhvs\.quiz\("([^"]+)"', cell.source)]
    assert asked
    assert list(page.forms) == asked
    assert page.html.count("data-bdhvs-embed=") == len(asked)
    pictures = path.read_text("utf-8").count("![")
    assert page.html.count('src="data:image/') == page.html.count("<img") == pictures, "every picture travels in the page"
    lowered = page.html.lower()
    for forbidden in ("<script", "<style", "<iframe", "javascript:", " onclick", "http://", "vnd.jupyter", "quizwidget"):
        assert forbidden not in lowered, forbidden
    assert os.listdir(tmp_path) == [], "the kernel opened no store and marked nothing"

"""Lessons as light pages: made once, kept, and a broken one says so without stopping the class."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import nbformat
import pytest

from bdhvs.bank.paths import find_content
from bdhvs.errors import LessonError
from bdhvs.server.lesson_cells import fill_quiz_cells
from bdhvs.server.lessons import LessonShelf, read_lesson, read_lessons, render, rendered_apart
from tests.server.conftest import Class

ABOUT = {"kind": "lesson", "title": "Bài thử", "about": "Một câu.", "minutes": 5, "competences": ["4.2"], "lang": "vi"}


def write(folder: Path, *cells: Any, about: dict[str, Any] | None = None, name: str = "bai-thu") -> Path:
    notebook = nbformat.v4.new_notebook(cells=list(cells), metadata={"bdhvs": ABOUT if about is None else about})
    path = folder / f"{name}.ipynb"
    nbformat.write(notebook, path)
    return path


def code(source: str) -> Any:
    return nbformat.v4.new_code_cell(source)


def text(source: str) -> Any:
    return nbformat.v4.new_markdown_cell(source)


def test_a_lesson_becomes_text_and_mount_points_without_code_or_script(tmp_path: Path) -> None:
    path = write(tmp_path, text("# Tiêu đề"), code("import bdhvs"), code('bdhvs.quiz("luyen-otp")'), code("print('in ra')"))
    page = render(path)
    assert page.forms == ("luyen-otp",)
    assert "data-bdhvs-embed" in page.html
    assert "in ra" in page.html
    assert "import bdhvs" not in page.html
    assert "<script" not in page.html
    assert "style=" not in page.html


def with_picture(folder: Path, drawn: str = "<circle r='4'/>") -> Path:
    (folder / "hinh").mkdir(exist_ok=True)
    (folder / "hinh" / "nut.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{drawn}</svg>', "utf-8")
    return write(folder, text("# Bài\n\n![Một nút tròn](hinh/nut.svg)"))


def test_pictures_travel_inside_the_page_with_their_words(tmp_path: Path) -> None:
    html = render(with_picture(tmp_path)).html
    assert 'alt="Một nút tròn"' in html
    assert 'src="data:image/svg+xml;base64,' in html
    assert "nut.svg" not in html


def test_a_lesson_in_a_folder_of_its_language_shows_the_pictures_beside_that_folder(tmp_path: Path) -> None:
    path = with_picture(tmp_path)
    english = tmp_path / "en" / path.name
    english.parent.mkdir()
    english.write_text(path.read_text("utf-8").replace("](", "](../"), "utf-8")
    assert 'src="data:image/svg+xml;base64,' in render(english).html


def test_a_picture_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = with_picture(tmp_path)
    (tmp_path / "hinh" / "nut.svg").unlink()
    with pytest.raises(LessonError, match=r"found no picture nut\.svg"):
        render(path)
    shelf = LessonShelf((read_lesson(path),), tmp_path / "cache", "v1")  # type: ignore[arg-type]
    assert shelf.unmade() == list(shelf.lessons)
    shelf.prepare()
    assert "nut.svg" in (shelf.pages[path].error or "")


def test_a_changed_picture_makes_its_page_anew(tmp_path: Path) -> None:
    path = with_picture(tmp_path)
    shelf = LessonShelf((read_lesson(path),), tmp_path / "cache", "v1")  # type: ignore[arg-type]
    shelf.prepare()
    assert not shelf.unmade()
    with_picture(tmp_path, "<rect width='4' height='4'/>")
    assert shelf.unmade() == list(shelf.lessons)


def test_a_lesson_that_only_places_quizzes_needs_no_kernel_and_is_the_same_page(monkeypatch: pytest.MonkeyPatch) -> None:
    path = find_content().notebooks / "hoc-vien" / "an-toan-truoc-lua-dao-otp.ipynb"
    with monkeypatch.context() as patch:
        patch.setattr("bdhvs.server.lessons._execute", lambda *_: pytest.fail("a kernel was started"))
        without = render(path)
    monkeypatch.setattr("bdhvs.server.lesson_cells.fill_quiz_cells", lambda _: False)
    assert render(path) == without
    assert without.forms == ("luyen-otp", "kiem-tra-otp")


@pytest.mark.parametrize(
    "source",
    [
        'bdhvs.quiz("luyen-otp"); 1 / 0',
        'bdhvs.quiz("luyen-otp", data="x")',
        'form = "luyen-otp"',
        "bdhvs.quiz(form)",
        'import os\nbdhvs.quiz("luyen-otp")',
        "import bdhvs as b",
        'quiz("luyen-otp")',
        "bdhvs.quiz(",
        "%matplotlib inline",
    ],
)
def test_a_cell_that_does_anything_else_is_executed(source: str) -> None:
    notebook = nbformat.v4.new_notebook(cells=[text("# Bài"), code("import bdhvs"), code(source)])
    before = nbformat.writes(notebook)
    assert not fill_quiz_cells(notebook)
    assert nbformat.writes(notebook) == before


def test_a_lesson_that_kills_its_maker_is_said_and_the_others_are_made(tmp_path: Path) -> None:
    first = write(tmp_path, text("# Một"), name="a-mot")
    killer = write(tmp_path, text("# Hai"), code("import os, signal; os.kill(os.getppid(), signal.SIGKILL)"), name="b-hai")
    last = write(tmp_path, text("# Ba"), name="c-ba")
    made = dict(rendered_apart([first, killer, last], threading.Event()))
    assert [page.error is None for page in made.values()] == [True, False, True]
    assert "ended without a page" in str(made[killer].error)


def test_a_lesson_that_raises_says_which_line_failed(tmp_path: Path) -> None:
    with pytest.raises(LessonError, match="ZeroDivisionError"):
        render(write(tmp_path, text("# Bài"), code("1 / 0")))


def test_an_empty_lesson_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(LessonError, match="empty"):
        render(write(tmp_path))
    with pytest.raises(LessonError, match="empty"):
        render(write(tmp_path, text("   "), code("")))


@pytest.mark.parametrize("content", ["", "{", "[]", '{"metadata": {"bdhvs": {"kind": "lesson"}}}'])
def test_a_file_that_is_no_notebook_names_itself(tmp_path: Path, content: str) -> None:
    path = tmp_path / "hong.ipynb"
    path.write_text(content, "utf-8")
    with pytest.raises(LessonError, match=r"hong\.ipynb"):
        read_lesson(path)


def test_a_notebook_that_is_no_lesson_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path, text("# Ghi chép"), about={})
    assert read_lessons(tmp_path) == []


def test_pages_are_kept_and_made_again_only_when_the_lesson_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, text("# Một"))
    shelf = LessonShelf((read_lesson(path),), tmp_path / "cache", "v1")  # type: ignore[arg-type]
    shelf.prepare()
    first = shelf.pages[path]
    kept = list((tmp_path / "cache").iterdir())
    again = LessonShelf(shelf.lessons, tmp_path / "cache", "v1")
    monkeypatch.setattr("bdhvs.server.lessons._maker", lambda *_: pytest.fail("rendered again"))
    again.prepare()
    assert again.pages[path] == first
    monkeypatch.undo()
    write(tmp_path, text("# Hai"))
    again.prepare()
    assert "Hai" in again.pages[path].html
    assert len(list((tmp_path / "cache").iterdir())) == len(kept) + 1


def test_a_half_written_kept_page_is_made_anew(tmp_path: Path) -> None:
    path = write(tmp_path, text("# Một"))
    shelf = LessonShelf((read_lesson(path),), tmp_path / "cache", "v1")  # type: ignore[arg-type]
    shelf.prepare()
    kept = next((tmp_path / "cache").iterdir())
    kept.write_text(kept.read_text("utf-8")[:20], "utf-8")
    again = LessonShelf(shelf.lessons, tmp_path / "cache", "v1")
    again.prepare()
    assert again.pages[path].html == shelf.pages[path].html
    assert json.loads(kept.read_text("utf-8"))["html"]


async def test_a_broken_lesson_is_a_calm_page_for_learners_and_a_reason_for_the_teacher(klass: Class, tmp_path: Path) -> None:
    shelf = klass.context.shelf
    broken = write(tmp_path, code("1 / 0"))
    shelf.lessons = (read_lesson(broken), *shelf.lessons)  # type: ignore[assignment]
    shelf.pages.pop(broken, None)
    learner, teacher = await klass.learner(), await klass.teacher()
    waiting = await learner.get("/bai/bai-thu")
    assert 'http-equiv="refresh"' in waiting.text
    shelf.lessons, others = shelf.lessons[:1], shelf.lessons[1:]
    shelf.prepare()
    shelf.lessons = (*shelf.lessons, *others)
    page = await learner.get("/bai/bai-thu")
    assert page.status_code == 503
    assert "ZeroDivisionError" not in page.text
    assert "ZeroDivisionError" in (await teacher.get("/gv")).text


async def test_english_learners_get_the_english_lesson(klass: Class) -> None:
    client = await klass.learner()
    vi, en = await client.get("/bai/an-toan-truoc-lua-dao-otp"), await client.get("/bai/an-toan-truoc-lua-dao-otp?lang=en")
    assert 'lang="vi">' in vi.text.split("<article")[1][:40]
    assert 'lang="en">' in en.text.split("<article")[1][:40]

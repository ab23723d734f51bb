"""The researchers' notebooks on the invented province, all in one kernel, and reports made of three of them."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import nbformat
import pytest

for needed in ("numpy", "scipy", "pandas", "pyarrow", "matplotlib"):
    pytest.importorskip(needed)

import pandas as pd  # noqa: E402
from click.testing import CliRunner  # noqa: E402

from bdhvs.analysis.basis import basis_of, in_words  # noqa: E402
from bdhvs.analysis.classes_by_lot import responses_by_lot  # noqa: E402
from bdhvs.analysis.dataset_frames import dataset_frame  # noqa: E402
from bdhvs.analysis.matrices import Matrix, one_form  # noqa: E402
from bdhvs.analysis.notebook_reports import REPORTS, ReportFailed, filled, page, report_notebook  # noqa: E402
from bdhvs.analysis.small_province import open_or_invent  # noqa: E402
from bdhvs.cli import commands  # noqa: E402
from bdhvs.dataset.reading import Dataset  # noqa: E402
from bdhvs.rehearsal.browsers import find_chromium  # noqa: E402
from tests.notebooks.test_notebooks import FOLDER, RESEARCH, execute, refuse_complaints  # noqa: E402

DASHBOARDS = {"tien-do", "thiet-ke-khao-sat"}
IN_ENGLISH = {"tuan-cua-xa", *DASHBOARDS}
DENIED = {
    "vi": r"không phải|Không phải|Không con số nào|không được đo|Ở đây không đo|chỉ nền tảng",
    "en": r"not the state's|No number here is|not measured|Not measured|only the state",
}


@pytest.fixture(scope="module")
def data() -> Dataset:
    """The province that a notebook invents when it is given no data."""
    return open_or_invent()


@pytest.fixture(scope="module")
def ran(data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> dict[Path, list[Any]]:
    """Path → executed cells: one kernel for all, between two of them everything is forgotten.

    In English those three alone whose pages the programme's people read: the others are the same code, as another test says.
    """
    whole, cells = nbformat.v4.new_notebook(), {}
    for path in RESEARCH:
        if language(path) == "en" and path.stem not in IN_ENGLISH:
            continue
        cells[path] = nbformat.read(path, as_version=4).cells
        whole.cells += [nbformat.v4.new_code_cell("%reset -f"), *cells[path]]
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("BDHVS_DATASET", str(data.folder))
        refuse_complaints(execute(whole, tmp_path_factory.mktemp("research"), monkeypatch))
    return cells


def language(path: Path) -> str:
    return "en" if "en" in path.parts else "vi"


def outputs(cells: list[Any], kind: str) -> list[str]:
    return [one.data[kind] for cell in cells for one in cell.get("outputs", ()) if kind in one.get("data", {})]


def printed(cells: list[Any]) -> str:
    return "\n".join(outputs(cells, "text/plain"))


def test_there_are_six_in_two_languages_and_both_do_the_same() -> None:
    assert len(RESEARCH) == 12
    for path in RESEARCH:
        if language(path) == "vi":
            assert _code(path) == _code(path.parent / "en" / path.name), path.name


def _code(path: Path) -> list[tuple[str, str]]:
    """Cells without what is written in a language."""

    class Mute(ast.NodeTransformer):
        def visit_Constant(self, node: ast.Constant) -> ast.Constant:
            return ast.Constant("") if isinstance(node.value, str) else node

        def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.Tuple:
            values = [self.visit(one.value) for one in node.values if isinstance(one, ast.FormattedValue)]
            return ast.Tuple(sorted(values, key=ast.dump), ast.Load())

    found = nbformat.read(path, as_version=4).cells
    return [(one.id, ast.dump(Mute().visit(ast.parse(one.source))) if one.cell_type == "code" else "") for one in found]


def test_each_says_what_it_rests_on_and_that_it_is_invented(ran: dict[Path, list[Any]], data: Dataset) -> None:
    for path, cells in ran.items():
        assert in_words(basis_of(data), language(path)) in printed(cells), path
        assert ("DỮ LIỆU GIẢ LẬP" if language(path) == "vi" else "SYNTHETIC DATA") in printed(cells)


def test_pictures_travel_in_the_page_and_are_said_in_words(ran: dict[Path, list[Any]]) -> None:
    for path, cells in ran.items():
        html = "".join(outputs(cells, "text/html"))
        pictures = re.findall(r'<img src="data:image/png;base64,[^"]+" alt="([^"]+)">', html)
        assert pictures, path
        assert html.count("<img") == len(pictures)
        assert "image/png" not in {
            kind for cell in cells for one in cell.get("outputs", ()) for kind in one.get("data", {})
        }
        assert (path.stem in DASHBOARDS) == bool(outputs(cells, "application/vnd.jupyter.widget-view+json"))


def test_nobody_is_ever_said_to_be_confirmed_on_vneid(ran: dict[Path, list[Any]]) -> None:
    for path, cells in ran.items():
        texts = (
            [one.source for one in cells if one.cell_type == "markdown"]
            + outputs(cells, "text/plain")
            + [printed(cells)]
        )
        sentences = re.split(r"(?<=[.:;])\s|\n", "\n".join(texts))
        about = [one for one in sentences if re.search("VNeID|confirm|xác nhận", one)]
        assert about, path
        assert all(re.search(DENIED[language(path)], one) for one in about), about


def test_what_is_found_is_what_the_recipe_put_in(ran: dict[Path, list[Any]]) -> None:
    said = printed(ran[FOLDER / "nghien-cuu" / "hieu-chuan.ipynb"])
    found = re.search(r"tương quan 0,(\d\d)", said)
    assert found is not None
    assert int(found[1]) >= 80, "two halves of the classes find the same order of items"
    fair = "".join(outputs(ran[FOLDER / "nghien-cuu" / "cong-bang.ipynb"], "text/plain"))
    assert "0 câu khác nhau dù giỏi như nhau" in fair


def report(*arguments: object) -> Any:
    return CliRunner().invoke(commands, ["report", *map(str, arguments)])


def test_a_commune_s_report_is_one_page_for_any_browser_and_for_paper(data: Dataset, tmp_path: Path) -> None:
    done = report("commune", data.folder, "--commune", "90002", "--until", "2026-09-30", "--out", tmp_path / "xa.html")
    assert done.exit_code == 0, done.output
    html = (tmp_path / "xa.html").read_text("utf-8")
    assert html.count("<h1") == html.count("<main") == 1
    assert '<html lang="vi">' in html
    assert "DỮ LIỆU GIẢ LẬP" in html.partition("<main")[0]
    assert "Xã Sương Bạc" in html
    assert "đến 30/09/2026; ngân hàng câu hỏi" in html, "the period ends where the report was told to end"
    for forbidden in (
        "<script",
        "<iframe",
        "http://",
        "https://",
        '<link rel="stylesheet',
        "progress_dashboard",
        "<progress",
    ):
        assert forbidden not in html, forbidden
    assert len(re.findall(r"<img ", html)) == 1
    weeks = re.findall(r"<th scope=\"row\">(\d\d)/(\d\d)/2026", html)
    assert weeks
    assert max((month, day) for day, month in weeks) <= ("09", "30")
    browser = find_chromium()
    if browser is not None and shutil.which("pdftotext"):
        from bdhvs.analysis.print_pdf import print_pdf

        print_pdf(html, tmp_path / "xa.pdf", browser)
        text = subprocess.run(
            ["pdftotext", tmp_path / "xa.pdf", "-"], capture_output=True, text=True, check=True
        ).stdout
        assert re.search(r"2\s*/\s*2", text), "the week is one page, what is behind it another"
        assert "VNeID" in text


def test_what_cannot_be_reported_is_said_before_and_after_a_kernel(
    data: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "expected .html or .pdf" in report("province", data.folder, "--out", tmp_path / "x.doc").output
    broken = tmp_path / "hong"
    shutil.copytree(data.folder, broken)
    next((broken / "scores").glob("*.parquet")).write_bytes(b"x")
    refused = report("items", broken, "--out", tmp_path / "x.html")
    assert "has 1 bytes instead of" in str(refused.exception)
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CHROMIUM", raising=False)
    unprinted = report("items", data.folder, "--out", tmp_path / "x.pdf")
    assert "apt install chromium" in str(unprinted.exception)
    assert not list(tmp_path.glob("x.*"))


@pytest.mark.parametrize("kind", REPORTS)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_parameters_are_filled_in_and_dashboards_left_out(kind: str, lang: str) -> None:
    notebook = filled(report_notebook(kind, lang), {"DATASET": "o'day", "LANG": None})
    cell = next(one for one in notebook.cells if one.id == "tham-so")
    values: dict[str, Any] = {}
    exec(cell.source, values)
    assert (values["DATASET"], values["LANG"]) == ("o'day", lang)
    assert all(one.id != "bang-dieu-khien" for one in notebook.cells)
    with pytest.raises(ReportFailed, match="found no parameter NOTHING"):
        filled(notebook, {"NOTHING": "1"})
    assert "GIẢ LẬP" not in page(notebook, synthetic=False, lang=lang)


def test_of_many_learners_whole_classes_are_drawn_the_same_each_time(data: Dataset) -> None:
    frame, said = responses_by_lot(data, 500)
    learners = dataset_frame(data, "learners").set_index("learner")["classroom"]
    drawn = set(frame["classroom"].unique())
    assert set(frame["learner"].unique()) == set(learners[learners.isin(drawn)].index), "a class comes whole or not at all"
    assert 300 < frame["learner"].nunique() <= 500
    assert "1.794" in said
    assert drawn == set(responses_by_lot(data, 500)[0]["classroom"].unique())
    assert drawn != set(responses_by_lot(data, 500, seed=2)[0]["classroom"].unique())


def test_scores_that_nobody_got_are_joined_in_their_order() -> None:
    table = pd.DataFrame({"a@1": [0.0, 2.0, 4.0, float("nan")], "b@1": [1.0, 1.0, 0.0, 1.0]})
    items = pd.DataFrame({"item": ["a", "b"], "maximum": [4, 1]}, index=["a@1", "b@1"])
    made = Matrix(table, items, None, "alone").joined()
    assert made.table["a@1"].tolist()[:3] == [0.0, 1.0, 2.0]
    assert pd.isna(made.table["a@1"][3])
    assert made.table["b@1"].tolist() == [1.0, 1.0, 0.0, 1.0]
    assert made.items["maximum"].tolist() == [2, 1]


def test_a_form_that_is_not_there_is_answered_with_those_that_are() -> None:
    frame = pd.DataFrame({"form": ["x"], "mode": ["practice"], "learner": [1], "adaptive_version": [None]})
    assert one_form(frame, "x")[0] == "x"
    with pytest.raises(ValueError, match="expected one of x"):
        one_form(frame, "y")
    with pytest.raises(ValueError, match="found no form ''"):
        one_form(frame)

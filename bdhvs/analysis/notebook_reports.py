"""Reports are notebooks: the parameter cell is filled in, the notebook runs, and our nbconvert template makes a page of it."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from traitlets.config import Config

from bdhvs.bank.paths import find_content
from bdhvs.errors import BdhvsError
from bdhvs.i18n import language

#: Kind of report → its notebook in ``notebooks/nghien-cuu``.
REPORTS = {"commune": "tuan-cua-xa", "province": "tien-do", "items": "phan-tich-cau-hoi"}
#: Id of the cell that holds the parameters; tag of cells with controls, which a page on paper has no use for.
PARAMETERS, DASHBOARD = "tham-so", "dashboard"
CELL_TIMEOUT_S = 3600  # a province of two million adults takes minutes
TEMPLATE = "bdhvs_report"


class ReportFailed(BdhvsError):
    """A report could not be made; the message says where and why."""

    code = "report_failed"


def report_notebook(kind: str, lang: str = "vi", content: Path | str | None = None) -> Any:
    """The notebook of a kind of report in a language, without its dashboards."""
    import nbformat

    folder = Path("nghien-cuu") / ("en" if language(lang) == "en" else "")
    path = find_content(content).shared_notebook(folder / f"{REPORTS[kind]}.ipynb")
    try:
        notebook = nbformat.read(path, as_version=4)
    except (OSError, ValueError) as exc:
        raise ReportFailed(f"{path}: cannot be read as a notebook: {exc}") from exc
    notebook.cells = [one for one in notebook.cells if DASHBOARD not in one.metadata.get("tags", ())]
    return notebook


def filled(notebook: Any, values: Mapping[str, str | None]) -> Any:
    """The notebook with these parameters; those of value None stay as they are.

    Raises
    ------
    ReportFailed
        when the parameter cell has no such name.
    """
    cell = next((one for one in notebook.cells if one.id == PARAMETERS), None)
    known = _assigned(cell.source) if cell is not None else set()
    given = {name: value for name, value in values.items() if value is not None}
    if missing := sorted(set(given) - known):
        raise ReportFailed(
            f"found no parameter {', '.join(missing)}, expected one of {', '.join(sorted(known))} in cell {PARAMETERS}"
        )
    if cell is not None:
        cell.source = "\n".join([cell.source, *(f"{name} = {value!r}" for name, value in given.items())])
    return notebook


def _assigned(source: str) -> set[str]:
    targets = (one for line in ast.parse(source).body if isinstance(line, ast.Assign) for one in line.targets)
    return {one.id for one in targets if isinstance(one, ast.Name)}


def executed(notebook: Any, folder: Path, told: Callable[[int], None] = lambda cells: None) -> Any:
    """The notebook after it ran in a kernel of its own, in `folder`; `told` is called with 1 after each cell.

    Raises
    ------
    ReportFailed
        with the last line of what a cell complained of.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    try:
        with TemporaryDirectory(prefix="bdhvs-") as sockets:
            NotebookClient(
                notebook,
                timeout=CELL_TIMEOUT_S,
                kernel_name="python3",
                resources={"metadata": {"path": str(folder)}},
                config=_private(sockets),
                on_cell_complete=lambda cell, cell_index: told(1),
            ).execute()
    except CellExecutionError as exc:
        raise ReportFailed(f"{exc.ename.rpartition('.')[2]}: {exc.evalue}") from exc
    except (CellTimeoutError, DeadKernelError, RuntimeError) as exc:
        raise ReportFailed(f"the notebook did not run to its end: {exc}") from exc
    return notebook


def _private(folder: str) -> Config:
    """Sockets in a folder of ours where there are such: nobody else on the machine or network can reach the kernel."""
    if sys.platform == "win32":
        return Config()
    return Config(KernelManager={"transport": "ipc", "connection_file": f"{folder}/kernel.json"})


def page(notebook: Any, *, synthetic: bool, lang: str = "vi") -> str:
    """The executed notebook as one HTML page without scripts, that asks nothing of any server."""
    from nbconvert.exporters import HTMLExporter

    from bdhvs.analysis.programme_words import cautions
    from bdhvs.analysis.synthetic import mark

    templates = Path(__file__).parents[1] / "share" / "jupyter" / "nbconvert" / "templates"
    exporter = HTMLExporter(template_name=TEMPLATE, extra_template_basedirs=[str(templates)], exclude_anchor_links=True)
    said = {"mark": mark(lang) if synthetic else "", "foot": cautions(lang)[-1], "lang": language(lang)}
    body, _resources = exporter.from_notebook_node(
        notebook, resources={"bdhvs": {**said, "css_foot": json.dumps(said["foot"], ensure_ascii=False)}}
    )
    return str(body)

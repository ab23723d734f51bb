"""``bdhvs report commune|province|items``: a notebook of a dataset as a page or a PDF."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

_DATASET = click.argument("dataset", type=click.Path(path_type=Path))
_OUT = click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="Page to write: FILE.html or FILE.pdf."
)
_LANG = click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
_CONTENT = click.option(
    "--content", type=click.Path(path_type=Path), default=None, help="Folder that holds assessments/ and notebooks/."
)
_ADULTS = click.option(
    "--adults",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    default=None,
    help="CSV with the columns commune, adults and perhaps name: how many adults live where.",
)
_UNTIL = click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), default=None, help="As of this day; default: the newest."
)


def _taking(*options: Callable[..., Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    def with_options(command: Callable[..., None]) -> Callable[..., None]:
        for option in reversed((_DATASET, _OUT, *options, _LANG, _CONTENT)):
            command = option(command)
        return command

    return with_options


@click.command()
@_taking(click.option("--commune", "code", required=True, help="Code of the commune."), _ADULTS, _UNTIL)
def commune(
    dataset: Path, out: Path, code: str, adults: Path | None, until: datetime | None, lang: str, content: Path | None
) -> None:
    """One commune's week, for its chair: understood in a minute, one page."""
    _report("commune", dataset, out, {"COMMUNE": code, **_view(adults, until)}, lang, content)


@click.command()
@_taking(_ADULTS, _UNTIL)
def province(
    dataset: Path, out: Path, adults: Path | None, until: datetime | None, lang: str, content: Path | None
) -> None:
    """A province beside its plans, commune by commune."""
    _report("province", dataset, out, _view(adults, until), lang, content)


@click.command()
@_taking(click.option("--form", default=None, help="Id of the form; default: the fixed test most learners did."))
def items(dataset: Path, out: Path, form: str | None, lang: str, content: Path | None) -> None:
    """The items of one form: how hard, do they tell learners apart, what to look at."""
    _report("items", dataset, out, {"FORM": form}, lang, content)


def _view(adults: Path | None, until: datetime | None) -> dict[str, str | None]:
    return {"ADULTS": str(adults.absolute()) if adults else None, "UNTIL": f"{until:%Y-%m-%d}" if until else None}


def _report(
    kind: str, dataset: Path, out: Path, parameters: Mapping[str, str | None], lang: str, content: Path | None
) -> None:
    if out.suffix not in (".html", ".pdf"):
        raise click.BadParameter(f"found {out.suffix or 'no ending'!r}, expected .html or .pdf", param_hint="--out")
    from bdhvs.analysis.notebook_reports import executed, filled, page, report_notebook
    from bdhvs.analysis.print_pdf import NO_BROWSER, print_pdf
    from bdhvs.dataset.reading import open_dataset
    from bdhvs.errors import SetupError
    from bdhvs.rehearsal.browsers import find_chromium

    browser = find_chromium()
    if out.suffix == ".pdf" and browser is None:  # said now, not after minutes
        raise SetupError(NO_BROWSER, "chromium")
    manifest = open_dataset(dataset).manifest  # what is wrong with it is said in our own words, before a kernel starts
    if manifest.privacy != "research":
        raise click.ClickException(
            f"{dataset}: found a {manifest.privacy} dataset, expected the research level: it has no rows of persons"
        )
    notebook = filled(report_notebook(kind, lang, content), {"DATASET": str(dataset.absolute()), **parameters})
    cells = sum(one.cell_type == "code" and bool(one.source.strip()) for one in notebook.cells)
    title = str(notebook.metadata["bdhvs"]["title"])
    with click.progressbar(length=cells, label=title, file=sys.stderr) as bar:
        executed(notebook, Path.cwd(), bar.update)
    html = page(notebook, synthetic=manifest.synthetic, lang=lang)
    try:
        if out.suffix == ".pdf":
            print_pdf(html, out, browser)
        else:
            out.write_text(html, "utf-8")
    except OSError as exc:
        raise click.ClickException(f"{out}: cannot be written: {exc.strerror}; choose another file") from exc
    click.echo(f"{out}: {out.stat().st_size:,} bytes", err=True)

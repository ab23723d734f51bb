"""``bdhvs programme``: what a dataset says of a programme, in sentences and pages."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pandas as pd


@click.command()
@click.argument("dataset", type=click.Path(path_type=Path))
@click.option("--commune", default=None, help="Code of one commune; default: the whole province.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), default=None, help="As of this day; default: the newest.")
@click.option(
    "--adults",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    default=None,
    help="CSV with the columns commune, adults and perhaps name: how many adults live where.",
)
@click.option("--page", type=click.Path(path_type=Path), default=None, help="Write the week's page: .svg or .png.")
@click.option(
    "--communes", type=click.Path(path_type=Path), default=None, help="Write all communes side by side: .svg or .png."
)
@click.option("--json", "as_json", is_flag=True, help="The numbers of all communes as JSON instead of sentences.")
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
@click.option("--content", type=click.Path(path_type=Path), default=None, help="Folder that holds assessments/.")
def programme(
    dataset: Path,
    commune: str | None,
    until: datetime | None,
    adults: Path | None,
    page: Path | None,
    communes: Path | None,
    as_json: bool,
    lang: str,
    content: Path | None,
) -> None:
    """What classes have shown in DATASET (a folder of `bdhvs export`), beside the plans, and what cannot be concluded.

    A class is not a sample, a plan is not a result, and nothing here is the state's confirmation on VNeID.
    """
    for path in (page, communes):
        if path is not None and path.suffix not in (".svg", ".png"):
            raise click.BadParameter(f"found {path.suffix or 'no ending'!r}, expected .svg or .png")
    from bdhvs.analysis.programme_view import programme_view
    from bdhvs.dataset.reading import open_dataset

    view = programme_view(open_dataset(dataset), content=content, census=adults, until=until)
    wanted = view.commune(commune)
    if as_json:
        click.echo(json.dumps(_plain(view.table), ensure_ascii=False, indent=1))
    else:
        _say(view.table, view.weeks, wanted, view.against_targets(lang), lang)
    _draw(view.table, view.weeks, wanted, page, communes, lang)


def _say(table: pd.DataFrame, weeks: pd.DataFrame, wanted: str, held: pd.DataFrame, lang: str) -> None:
    from bdhvs.analysis import plot_programme, programme_words, synthetic

    if synthetic.is_synthetic(table):
        click.echo(f"*** {synthetic.mark(lang)} ***")
    for line in plot_programme.page_words(table, weeks, wanted, lang):
        click.echo(line)
    click.echo()
    for row in held.to_dict("records"):
        click.echo(f"- {programme_words.target_sentence(row, lang)}")


def _draw(
    table: pd.DataFrame, weeks: pd.DataFrame, wanted: str, page: Path | None, communes: Path | None, lang: str
) -> None:
    if page is None and communes is None:
        return
    from bdhvs.analysis.plot_programme import plot_communes, plot_week, save_page

    if page is not None:
        click.echo(str(save_page(plot_week(table, weeks, wanted, lang=lang), page)), err=True)
    if communes is not None:
        click.echo(str(save_page(plot_communes(table, weeks, lang=lang), communes)), err=True)


def _plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(table.to_json(orient="records"))
    return rows

"""``bdhvs programme``: what a dataset says of a programme, in sentences and pages."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bdhvs.analysis.programme_view import ProgrammeView


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
@click.option(
    "--measure",
    default=None,
    help="What is counted as reached: a name under measures in assessments/programme/targets.yaml; default: basic.",
)
@click.option(
    "--domain", default=None, help="Code of one domain, 1 to 6: of a measure that is a band, this domain alone."
)
@click.option(
    "--quiet",
    multiple=True,
    metavar="DAY[=LEFT]",
    help="A week that was or will be quiet, by any day in it, e.g. 2026-02-17 for Tết; LEFT: what is left of it, 0 to 1, default 0. Repeat it for more weeks.",
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
    measure: str | None,
    domain: str | None,
    quiet: tuple[str, ...],
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
    from bdhvs.analysis.programme_view import BASIC, programme_view
    from bdhvs.dataset.reading import open_dataset

    weeks = _quiet(quiet)
    asked: dict[str, Any] = {"measure": measure or BASIC, "domain": domain, "quiet": weeks}
    view = programme_view(open_dataset(dataset), content=content, census=adults, until=until, **asked)
    _refuse_useless(weeks, view)
    wanted = view.commune(commune)
    if as_json:
        click.echo(json.dumps(_plain(view), ensure_ascii=False, indent=1))
    else:
        _say(view, wanted, lang)
    _draw(view, wanted, page, communes, lang)


def _quiet(given: tuple[str, ...]) -> dict[date, float]:
    """Day → what is left of its week."""
    found = {}
    for one in given:
        day, _, left = one.partition("=")
        try:
            found[date.fromisoformat(day.strip())] = share = float(left) if left else 0.0
        except ValueError:
            share = -1.0
        if not 0 <= share <= 1:
            raise click.BadParameter(
                f"found {one!r}, expected a day and what is left of its week from 0 to 1: 2026-02-17 or 2026-02-17=0.4",
                param_hint="--quiet",
            )
    return found


def _refuse_useless(quiet: dict[date, float], view: ProgrammeView) -> None:
    """A week that is neither in the data nor in the forecast is a mistyped year."""
    from bdhvs.analysis.plot_programme import AHEAD

    if not quiet or view.weeks.empty:
        return
    first = view.weeks["week"].min().date()
    end = view.weeks["week"].max().date() + timedelta(days=7 * (AHEAD + 1) - 1)
    for day in quiet:
        if not first <= day <= end:
            raise click.BadParameter(
                f"found {day}, expected a day from {first} to {end}: the weeks of the data, and those looked ahead",
                param_hint="--quiet",
            )


def _say(view: ProgrammeView, wanted: str, lang: str) -> None:
    from bdhvs.analysis import plot_programme, programme_words, synthetic

    if synthetic.is_synthetic(view.table):
        click.echo(f"*** {synthetic.mark(lang)} ***")
    for line in plot_programme.page_words(view, wanted, lang):
        click.echo(line)
    click.echo()
    for row in view.against_targets(lang).to_dict("records"):
        click.echo(f"- {programme_words.target_sentence(row, lang)}")


def _draw(view: ProgrammeView, wanted: str, page: Path | None, communes: Path | None, lang: str) -> None:
    if page is None and communes is None:
        return
    from bdhvs.analysis.plot_programme import plot_communes, plot_week, save_page

    if page is not None:
        click.echo(str(save_page(plot_week(view, wanted, lang=lang), page)), err=True)
    if communes is not None:
        click.echo(str(save_page(plot_communes(view, lang=lang), communes)), err=True)


def _plain(view: ProgrammeView) -> list[dict[str, Any]]:
    """Rows of the table, each with the counts of helpers and households that are told."""
    rows: list[dict[str, Any]] = json.loads(view.table.to_json(orient="records"))
    return [{**row, "movement": view.movement_of(row["commune"])} for row in rows]

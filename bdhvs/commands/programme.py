"""``bdhvs programme``: what a dataset says of a programme, in sentences and pages."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bdhvs.errors import NotFound

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
    from bdhvs.analysis import programme as view
    from bdhvs.bank.paths import find_content
    from bdhvs.bank.places import load_places
    from bdhvs.dataset.reading import open_dataset
    from bdhvs.programme.targets import read_targets

    data, found = open_dataset(dataset), find_content(content)
    targets, places = read_targets(found.assessments), load_places(found)
    people = {
        name: view.standings(data, measure, until=until)
        for name, measure in targets.measures.items()
        if measure.is_measured
    }
    basic = people["basic"]
    known, names = _census(adults) if adults else view.known_places(data)
    table = view.by_commune(basic, known, {**_names(basic, places), **names})
    weeks = view.weekly(basic, until=until)
    wanted = commune or view.WHOLE
    if wanted not in set(table["commune"]):
        raise NotFound(f"no commune {wanted!r} in {dataset}, expected one of {', '.join(table['commune'].head(5))} …")
    if as_json:
        click.echo(json.dumps(_plain(table), ensure_ascii=False, indent=1))
    else:
        held = view.against_targets(people, targets, places, adults=sum(known.values()) or None, lang=lang)
        _say(table, weeks, wanted, held, lang)
    _draw(table, weeks, wanted, page, communes, lang)


def _say(table: pd.DataFrame, weeks: pd.DataFrame, wanted: str, held: pd.DataFrame, lang: str) -> None:
    from bdhvs.analysis import plot_programme, programme_words

    if table.attrs["synthetic"]:
        click.echo(f"*** {programme_words.mark(lang)} ***")
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


def _names(basic: pd.DataFrame, places: Any) -> dict[str, str]:
    """Names of communes and province that the geography knows."""
    from bdhvs.analysis.programme import WHOLE

    found = {code: places.commune_called(code) for code in basic["commune"].cat.categories}
    names = {code: one.full_name for code, one in found.items() if one is not None}
    codes = list(basic["province"].cat.categories)
    province = places.province_called(codes[0]) if len(codes) == 1 else None
    return {**names, WHOLE: province.full_name} if province else names


def _census(path: Path) -> tuple[dict[str, int], dict[str, str]]:
    """Adults and names from a CSV file.

    Raises
    ------
    DataFileError
        with every line that is wrong.
    """
    import csv

    from bdhvs.errors import DataFileError, Problem

    adults: dict[str, int] = {}
    names: dict[str, str] = {}
    problems = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            code, count = (row.get("commune") or "").strip(), (row.get("adults") or "").strip().replace(".", "")
            if not code or not count.isdigit() or code in adults:
                said = (
                    f"found commune {code!r} with adults {count!r}, expected a code that comes once and a whole number"
                )
                problems.append(Problem(str(path), number, said))
                continue
            adults[code] = int(count)
            if (row.get("name") or "").strip():
                names[code] = str(row["name"]).strip()
    if problems or not adults:
        raise DataFileError(
            problems or [Problem(str(path), 1, "found no rows, expected the columns commune, adults, name")]
        )
    return adults, names


def _plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(table.to_json(orient="records"))
    return rows

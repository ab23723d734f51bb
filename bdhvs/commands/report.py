"""``bdhvs report``: what a class did, on paper or as tables; and reports of datasets (`bdhvs.commands.dataset_reports`)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bdhvs.commands.dataset_reports import commune, items, province

if TYPE_CHECKING:
    from bdhvs.i18n import Gettext
    from bdhvs.service.class_report import ClassReport
    from bdhvs.service.results import LessonLink
    from bdhvs.store import ClassroomRow, Store


#: The report of a class: what is made when no other kind is named.
CLASS = "class"


class _Reports(click.Group):
    """Kinds of reports; ``bdhvs report DATA`` is the report of a class, as ``bdhvs report class DATA``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        named = args[:1] and (args[0] in self.commands or args[0] in self.get_help_option_names(ctx))
        return super().parse_args(ctx, args if named else [CLASS, *args])


@click.group(cls=_Reports)
def report() -> None:
    """Reports. Of a class: bdhvs report DATA (or: report class DATA). Of a dataset: report commune, province or items DATASET.

    A data folder that is called like one of these is named as ./commune.
    """


@report.command(CLASS)
@click.argument("data", type=click.Path(path_type=Path), default=Path("bdhvs-data"), envvar="BDHVS_DATA")
@click.option("--class", "code", default=None, help="Code of the class; default: the one opened last.")
@click.option("--names", is_flag=True, help="With the learners' names, and in the page also whom to visit.")
@click.option("--pdf", type=click.Path(path_type=Path), default=None, help="Write two pages to file, as PDF.")
@click.option("--html", type=click.Path(path_type=Path), default=None, help="Write one page for a browser.")
@click.option("--xlsx", type=click.Path(path_type=Path), default=None, help="Write the tables, as Excel workbook.")
@click.option(
    "--content", type=click.Path(path_type=Path), default=None, help="Folder that holds assessments/ and notebooks/."
)
@click.option("--synthetic", is_flag=True, help="Of a class that was only played: levels by a calibration of simulated learners.")
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Language of the report.")
def class_report(
    data: Path,
    code: str | None,
    names: bool,
    pdf: Path | None,
    html: Path | None,
    xlsx: Path | None,
    content: Path | None,
    synthetic: bool,
    lang: str,
) -> None:
    """Report of a class in DATA: who came, results per domain, hardest questions. Works while the class runs.

    Without --pdf, --html or --xlsx a summary is printed. Learners have numbers instead of names unless --names is given.
    """
    from bdhvs.bank.loader import Bank
    from bdhvs.i18n import translator
    from bdhvs.server.reports import report_file, report_page
    from bdhvs.service.class_report import class_report as made_of
    from bdhvs.service.score_version import version_or_why
    from bdhvs.store import Store

    bank, lessons = Bank.load(content), _lessons(content)
    with Store.read_only(data) as store:
        version = version_or_why(bank, synthetic=synthetic)
        made = made_of(store, _room(store, code), bank, lessons=lessons, lang=lang, version=version)
    if not names:
        made = made.without_names()
    if pdf is not None:
        _write(pdf, report_file(made, "pdf"))
    if html is not None:
        _write(html, report_page(made).encode())
    if xlsx is not None:
        _write(xlsx, report_file(made, "xlsx"))
    if pdf is html is xlsx is None:
        _print(made, translator(lang))


for _kind in (commune, province, items):
    report.add_command(_kind)


def _room(store: Store, code: str | None) -> ClassroomRow:
    from bdhvs.core.identifiers import read_code

    rooms = store.classrooms()
    wanted = [room for room in rooms if code is None or room.code == read_code(code)]
    if not wanted:
        known = ", ".join(room.code for room in rooms) or "none"
        what = f"class {code!r}" if code else "no class"
        raise click.ClickException(f"found {what}, expected one of this folder: {known}")
    return wanted[-1]


def _lessons(content: Path | None) -> list[LessonLink]:
    from bdhvs.bank.paths import find_content
    from bdhvs.server.lessons import read_lessons
    from bdhvs.service.results import LessonLink

    found = read_lessons(find_content(content).notebooks / "hoc-vien")
    return [LessonLink(info.title, f"/bai/{info.id}", info.competences, info.lang) for info in found]


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as exc:
        raise click.ClickException(f"{path}: cannot be written: {exc.strerror}; choose another file") from exc
    click.echo(f"{path}: {len(content):,} bytes", err=True)


def _print(made: ClassReport, _: Gettext) -> None:
    from bdhvs.service.domain_lines import share_in_words

    click.secho(f"{made.name} ({made.code})", bold=True)
    click.echo(f"{_('joined')}: {made.joined} · {_('answered at least once')}: {made.answering}")
    click.echo(f"{_('handed in a quiz')}: {made.handed_in} · {_('tasks answered')}: {made.answered}")
    for one in made.domains:
        click.echo(f"  {one.code}. {one.name}: {share_in_words(one, _)}")
    click.echo(made.levels.note)
    for number, item in enumerate(made.hardest, start=1):
        click.echo(f"  {number}) {item.stem}")

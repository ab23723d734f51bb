"""``bdhvs names``: what a class list would give, before anybody sees it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bdhvs.commands.sentences import explain
from bdhvs.errors import BdhvsError
from bdhvs.i18n import Gettext, translator


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Language of what is printed.")
def names(file: Path, lang: str) -> None:
    """Which names of FILE (text, CSV, .xlsx) would be taken, and which lines are doubtful. Nothing is stored."""
    from bdhvs.service.class_list import preview_file

    _ = translator(lang)
    try:
        found = preview_file(file)
    except BdhvsError as error:
        click.echo(f"{explain(error, _)}\n  ({error.code}: {error})", err=True)
        sys.exit(1)
    click.echo(_("Read as: {encoding}").format(encoding=found.encoding))
    for number, name in enumerate(found.names, start=1):
        click.echo(f"{number:4}. {name}")
    if found.doubts:
        click.echo("\n" + _("Please look at this:"))
    for one in found.doubts:
        click.echo(f"  - {one.in_words(_)}")
    click.echo("\n" + _("Names taken: {n}. Lines left out: {m}.").format(n=len(found.names), m=len(found.left_out)))
    sys.exit(0 if found.names else 1)


def print_doubts(file: Path, _: Gettext) -> None:
    """Say which lines of a class list are left out or want a look; on standard error, so that JSON stays JSON.

    Raises
    ------
    ClassListError
        when the file cannot be read at all.
    """
    from bdhvs.service.class_list import preview_file

    found = preview_file(file)
    for one in found.doubts:
        click.secho(f"  {one.in_words(_)}", fg="yellow", err=True)
    if found.doubts:
        click.echo("  " + _("Names taken: {n}. Lines left out: {m}.").format(n=len(found.names), m=len(found.left_out)), err=True)

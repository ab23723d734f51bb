"""``bdhvs guardians``: the form for parents and guardians of under-16s, to print before the class."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bdhvs.commands.sentences import explain
from bdhvs.errors import BdhvsError, SetupError
from bdhvs.i18n import translator


@click.command()
@click.argument("out", type=click.Path(path_type=Path), default=Path("phieu-phu-huynh.pdf"))
@click.option("--name", default=None, help="Name of the class, at the head of the form.")
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Language of the form.")
def guardians(out: Path, name: str | None, lang: str) -> None:
    """Write the form for parents and guardians of under-16s to OUT, one page of A4 (PDF; extra: report)."""
    _ = translator(lang)
    try:
        from bdhvs.server.name_list import guardian_file

        _write(out, guardian_file(name or _("Digital skills class"), lang))
    except BdhvsError as error:
        click.echo(f"{explain(error, _)}\n  ({error.code}: {error})", err=True)
        sys.exit(1)
    click.echo(str(out))


def _write(out: Path, content: bytes) -> None:
    try:
        out.write_bytes(content)
    except OSError as exc:
        raise SetupError(f"{out}: cannot be written ({exc.strerror}); choose another place") from exc

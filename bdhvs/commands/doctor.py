"""``bdhvs doctor``: is this machine ready for a class?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bdhvs.i18n import Gettext, translator

if TYPE_CHECKING:
    from bdhvs.doctor.finding import Finding

JSON_VERSION = 1
MOST_STUDENTS = 2000  # of one class on one machine; beyond that nobody has measured
_COLOURS = {"ok": "green", "note": "yellow", "problem": "red"}


@click.command()
@click.argument("data", type=click.Path(path_type=Path), default=Path("bdhvs-data"), envvar="BDHVS_DATA")
@click.option(
    "--students", type=click.IntRange(1, MOST_STUDENTS), default=40, show_default=True, help="How many will come."
)
@click.option("--port", type=click.IntRange(1, 65535), default=None, help="The port that serve will be given, if any.")
@click.option(
    "--content", type=click.Path(path_type=Path), default=None, help="Folder that holds assessments/ and notebooks/."
)
@click.option("--quick", is_flag=True, help="Start no class and no kernel; takes a second or two.")
@click.option(
    "--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Language of what is printed."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
@click.pass_context
def doctor(
    context: click.Context,
    data: Path,
    students: int,
    port: int | None,
    content: Path | None,
    quick: bool,
    lang: str,
    as_json: bool,
) -> None:
    """Look whether this machine is ready for a class on the data folder DATA, and say what to change.

    Exit code 1 when a class cannot work so.
    """
    from bdhvs.doctor.examination import Plan, examine
    from bdhvs.doctor.finding import overall

    _ = translator(lang)
    if not as_json:
        click.echo("\n" + _("Looking whether this machine is ready for a class of {n} …").format(n=students) + "\n")
    findings: list[Finding] = []
    for finding in examine(Plan(students, data, port, content, quick), _):
        findings.append(finding)
        if not as_json:
            _print(finding, _)
    verdict = overall(findings)
    if as_json:
        fields = ("check", "verdict", "text", "figures")
        lines = [{name: getattr(one, name) for name in fields} for one in findings]
        report = {"v": JSON_VERSION, "students": students, "verdict": verdict, "lines": lines}
        click.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        problems = sum(one.verdict == "problem" for one in findings)
        click.secho("\n" + _closing(verdict, _).format(n=problems) + "\n", fg=_COLOURS[verdict], bold=True)
    context.exit(1 if verdict == "problem" else 0)


def _print(finding: Finding, _: Gettext) -> None:
    words = {"ok": _("good"), "note": _("note"), "problem": _("change")}
    width = max(map(len, words.values()))
    click.echo(f"  {click.style(words[finding.verdict].ljust(width), fg=_COLOURS[finding.verdict])}  {finding.text}")


def _closing(verdict: str, _: Gettext) -> str:
    return {
        "ok": _("Ready for the class."),
        "note": _("Ready for the class. Please read the notes."),
        "problem": _("Not ready yet. To change first: {n}."),
    }[verdict]

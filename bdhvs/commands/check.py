"""``bdhvs check``: everything wrong with the bank's files, and what an experienced item writer would say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

import click

from bdhvs.bank.calibration import read_calibrations
from bdhvs.bank.checks import RULES, Coverage, coverage, run_checks
from bdhvs.bank.cut_scores import read_cut_scores
from bdhvs.bank.loader import Bank, load_items, read_bank
from bdhvs.bank.paths import Content, find_content
from bdhvs.errors import FrameworkError, Problem
from bdhvs.exercises.proof import exercise_problems
from bdhvs.service.adaptive_versions import how_to_get_adaptive, missing_for_adaptive, unfit

JSON_VERSION = 1
_COLOURS = {"error": "red", "warning": "yellow"}


@click.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines (see docs/author.md).")
@click.option("--strict", is_flag=True, help="Advice counts as error.")
@click.option("--rules", "list_rules", is_flag=True, help="List the rules and their reasons, then stop.")
@click.option("--report", is_flag=True, help="What is in the bank and what to look at again: coverage, reading load, twins, sources.")
@click.option("--page", type=click.Path(path_type=Path), help="Write what is in the bank as a page, docs/content.md.")
@click.pass_context
def check(
    context: click.Context, path: Path | None, as_json: bool, strict: bool, list_rules: bool, report: bool, page: Path | None
) -> None:
    """Check items, forms, cut scores and programming exercises, with advice.

    PATH is a folder with content, or one folder or file of it. Exit code 1 when there are errors.
    """
    if list_rules:
        for rule in RULES:
            click.echo(f"{rule.id:22} {rule.severity:8} {rule.why}")
        return
    content = find_content(path)
    if report or page:
        _look_at_the_whole(context, content, report, as_json, strict, page)
        return
    bank, problems = _checked(content)
    exercises, wrong = exercise_problems(content.assessments)
    problems = sorted([*problems, *wrong])
    chosen = [one for one in problems if _is_below(one, content, path)]
    whole = len(chosen) == len(problems)
    click.echo(_json(bank, exercises, chosen) if as_json else _report(bank, exercises, chosen, whole))
    if any(strict or one.severity == "error" for one in chosen):
        context.exit(1)


def _look_at_the_whole(
    context: click.Context, content: Content, report: bool, as_json: bool, strict: bool, page: Path | None
) -> None:
    """The report and the page; raises BankError when the files have errors, for of half a bank nothing is true."""
    bank = load_items(content)
    if page:
        from bdhvs.commands import content_page

        page.write_text(content_page.page(bank), "utf-8")
        click.echo(f"{page} written", err=as_json)
    if report:
        from bdhvs.bank.report import contents, load_standards, quality
        from bdhvs.commands import content_report

        found = contents(bank)
        findings = quality(bank, found, load_standards(content, bank.framework, bank.items), date.today())
        click.echo((content_report.as_json if as_json else content_report.as_text)(bank, found, findings))
        if strict and findings.findings:
            context.exit(1)


def _checked(content: Content) -> tuple[Bank | None, list[Problem]]:
    """The usable part of the bank (None when the framework is broken) and all problems."""
    try:
        bank, problems = read_bank(content)
    except FrameworkError as error:
        return None, list(error.problems)
    wrong = read_calibrations(content, bank.items)[1]
    files = [*wrong, *read_cut_scores(content)[1], *(_unfit(bank) if not wrong else ())]
    return bank, [*problems, *run_checks(bank), *files]


def _unfit(bank: Bank) -> Iterator[Problem]:
    """Adaptive forms whose rules cannot be kept with their pool; that numpy is needed to tell is a piece of advice."""
    for form in bank.forms.values():
        if form.adaptive is None:
            continue
        document = bank.form_documents[form.id]
        line = document.line(("adaptive",))
        if missing_for_adaptive():
            message = f"whether the pool can serve this form was not checked: {how_to_get_adaptive()}"
            yield Problem(document.path, line, message, "pool_unchecked", "warning")
        elif why := unfit(form, bank):
            yield Problem(document.path, line, why, "pool")


def _is_below(problem: Problem, content: Content, path: Path | None) -> bool:
    """Whether the problem's file lies at or below `path`; a path around the whole bank holds everything."""
    if path is None:
        return True
    home, wanted = content.assessments.parent.resolve(), path.resolve()
    return content.assessments.resolve().is_relative_to(wanted) or (home / problem.path).is_relative_to(wanted)


def _json(bank: Bank | None, exercises: int, problems: Sequence[Problem]) -> str:
    fields = ("path", "line", "severity", "rule", "message")
    report = {
        "v": JSON_VERSION,
        "bank": bank.version if bank else None,
        "items": len(bank.items) if bank else 0,
        "forms": len(bank.forms) if bank else 0,
        "exercises": exercises,
        "errors": _count(problems, "error"),
        "warnings": _count(problems, "warning"),
        "problems": [{name: getattr(one, name) for name in fields} for one in problems],
        "coverage": _cells(coverage(bank)) if bank else [],
    }
    return json.dumps(report, ensure_ascii=False, indent=2)


def _cells(found: Coverage) -> list[dict[str, object]]:
    return [{"competence": code, "level": level, "items": count} for (code, level), count in found.counts.items()]


def _report(bank: Bank | None, exercises: int, problems: Sequence[Problem], whole: bool) -> str:
    blocks = [_of_file(name, list(found)) for name, found in groupby(problems, key=lambda one: one.path)]
    if bank and whole:
        found = coverage(bank)
        empty = f"{len(found.empty)} of {len(found.counts)} cells are empty (·)"
        blocks.append(f"Items by competence and level; {empty}:\n{found.table()}")
    return "\n\n".join([*blocks, _closing_line(bank, exercises, problems)])


def _of_file(name: str, problems: Sequence[Problem]) -> str:
    lines = [click.style(name, bold=True)]
    for one in problems:
        word = click.style("error" if one.severity == "error" else "advice", fg=_COLOURS[one.severity])
        lines.append(f"  {one.line or '':>4} {word}: {one.message} [{one.rule}]")
    return "\n".join(lines)


def _closing_line(bank: Bank | None, exercises: int, problems: Sequence[Problem]) -> str:
    errors, warnings = _count(problems, "error"), _count(problems, "warning")
    read = f"{_many(len(bank.items), 'item')}, {_many(len(bank.forms), 'form')}" if bank else "no bank could be read"
    read += f", {_many(exercises, 'exercise')}" if exercises else ""
    said = f"{_many(errors, 'error')}, {_many(warnings, 'piece')} of advice"
    return click.style(f"{read}; {said}.", fg="red" if errors else "green", bold=True)


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _count(problems: Sequence[Problem], severity: str) -> int:
    return sum(one.severity == severity for one in problems)

"""``bdhvs score``: score what was handed in by a calibration, and say what that changes."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bdhvs.bank.loader import Bank
    from bdhvs.service.rescoring import Trace
    from bdhvs.store import ScoreVersionRow

WHY_NOT = {
    "no_calibration": "there is no calibration of people's answers; make one with `bdhvs calibrate`, or name one with --calibration",
    "no_cuts": "no cut scores in use are on the scale of this calibration; `bdhvs calibrate --cuts` proposes some, and a person sets them "
    "in use (docs/levels.md)",
}


@click.command()
@click.argument("data", type=click.Path(path_type=Path), nargs=-1)
@click.option("--content", type=click.Path(path_type=Path), default=None, help="Folder that holds assessments/.")
@click.option("--calibration", default=None, help="Version or file of a calibration; default: the newest of people's answers.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Only attempts begun on this day (UTC) or later.")
@click.option("--synthetic", is_flag=True, help="Score by a calibration of simulated learners: for a trial, never for people.")
@click.option("--dry-run", is_flag=True, help="Only report; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, with every attempt by its pseudonym.")
def score(
    data: tuple[Path, ...],
    content: Path | None,
    calibration: str | None,
    since: datetime | None,
    synthetic: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Score the attempts handed in in DATA folders (default: bdhvs-data); a score is added, never written over.

    Only what has no score by this version from the same answers is scored. A running class scores by itself: stop it first.
    """
    from bdhvs.bank.loader import Bank
    from bdhvs.service.scores import Scorer

    bank = Bank.load(content)
    version = _version(bank, calibration, synthetic=synthetic)
    scorer = Scorer(version)
    since_us = int(since.replace(tzinfo=UTC).timestamp() * 1_000_000) if since else None
    traces = {str(folder): _scored(folder, scorer, since_us, dry_run=dry_run) for folder in data or (Path("bdhvs-data"),)}
    shown = _is_in_use(bank, version, synthetic=synthetic)
    click.echo(_json(version, traces, shown, dry_run) if as_json else _report(version, traces, shown, dry_run))


def _version(bank: Bank, wanted: str | None, *, synthetic: bool) -> ScoreVersionRow:
    from bdhvs.bank.calibration import calibration, load_calibrations, read_calibration
    from bdhvs.errors import SetupError
    from bdhvs.service.score_version import version_by, version_in_use

    if wanted is None:
        found = version_in_use(bank, synthetic=synthetic)
    else:
        known = load_calibrations(bank.content, bank.items)
        made = read_calibration(Path(wanted)) if wanted.endswith(".yaml") else calibration(bank.content, bank.items, wanted)
        if made.sample.synthetic and not synthetic:
            raise SetupError(f"calibration {made.version} comes from simulated learners; add --synthetic for a trial", "synthetic")
        found = version_by(bank, made, known)
    if isinstance(found, str):
        raise SetupError(WHY_NOT.get(found, found), found)
    return found


def _is_in_use(bank: Bank, version: ScoreVersionRow, *, synthetic: bool) -> bool:
    """Whether results are shown by this version; scores by another are for comparison."""
    from bdhvs.service.score_version import version_or_why

    now = version_or_why(bank, synthetic=synthetic)
    return not isinstance(now, str) and now.digest == version.digest


def _scored(folder: Path, scorer: Any, since_us: int | None, *, dry_run: bool) -> list[Trace]:
    from bdhvs.service.rescoring import score_class
    from bdhvs.store import Store
    from bdhvs.store.times import now_us

    found: list[Trace] = []
    with Store.read_only(folder) if dry_run else Store.open(folder, create=False) as store:
        for room in store.classrooms():
            rows, traces = score_class(store, room.id, scorer, now_us(), since_us)
            if rows and not dry_run:
                asyncio.run(store.record_scores(scorer.version, rows))
            found += traces
    return found


def _json(version: ScoreVersionRow, traces: dict[str, list[Trace]], shown: bool, dry_run: bool) -> str:
    from dataclasses import asdict

    from bdhvs.service.score_version import named

    report = {
        "v": 1,
        "written": not dry_run,
        "shown": shown,
        "by": named(version),
        "scored": [{"data": folder, **asdict(one)} for folder, own in traces.items() for one in own],
    }
    return json.dumps(report, ensure_ascii=False, indent=2)


def _report(version: ScoreVersionRow, traces: dict[str, list[Trace]], shown: bool, dry_run: bool) -> str:
    from bdhvs.service.rescoring import moves

    every = [one for own in traces.values() for one in own]
    lines = [
        f"By calibration {version.calibration} and cut scores {version.cut_scores} (version {version.digest}"
        f"{', SIMULATED' if version.synthetic else ''}):",
        *(f"  {folder}: {_counts(own)}" for folder, own in traces.items()),
    ]
    again = [one for one in every if one.before is not None]
    if again:
        stayed = sum(not one.moved for one in again)
        lines += ["", f"Scored before, and now: {len(again)} attempts; of {stayed} no band has moved."]
        lines += [f"  domain {code}: {before} → {after}: {n}" for code, before, after, n in moves(again)]
        lines += [f"  (before by version {', '.join(sorted({one.before for one in again if one.before}))}; whose they are: --json)"]
    if not shown:
        lines += ["", "Results are not shown by this version: these scores are for comparison."]
    return "\n".join([*lines, "", "Nothing was written (--dry-run)." if dry_run else "Written; scores made before are kept."])


def _counts(traces: list[Trace]) -> str:
    if not traces:
        return "nothing to score that was not scored"
    words = {"handed_in": "for the first time", "version": "by another version before", "evidence": "other answers count than before"}
    parts = [f"{n} {text}" for reason, text in words.items() if (n := sum(one.reason == reason for one in traces))]
    return f"{len(traces)} attempts scored ({', '.join(parts)})"

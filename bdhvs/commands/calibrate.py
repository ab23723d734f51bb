"""``bdhvs calibrate``: put the bank's items on a scale by learners' answers, and say what has changed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bdhvs.analysis.calibrate import Made, Moved
    from bdhvs.bank.calibration import ItemEstimate
    from bdhvs.bank.loader import Bank

KINDS = ("gpcm", "pcm", "grm", "2pl", "rasch")


@click.command()
@click.argument("data", type=click.Path(path_type=Path), nargs=-1)
@click.option("--content", type=click.Path(path_type=Path), default=None, help="Folder that holds assessments/.")
@click.option("--kind", type=click.Choice(KINDS), default="gpcm", show_default=True, help="Item model; gpcm is 2PL for items of one point.")
@click.option("--new-scale", is_flag=True, help="Do not keep the scale of the newest calibration.")
@click.option("--synthetic", is_flag=True, help="The answers are simulated: the file says so, and nobody's result uses it.")
@click.option("--cuts", is_flag=True, help="Also propose cut scores on this scale; provisional until somebody sets them in use.")
@click.option("--dry-run", is_flag=True, help="Only report; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
def calibrate(
    data: tuple[Path, ...], content: Path | None, kind: str, new_scale: bool, synthetic: bool, cuts: bool, dry_run: bool, as_json: bool
) -> None:
    """Estimate item parameters from the answers in DATA folders (default: bdhvs-data).

    Writes assessments/calibration/<today>.yaml, which is never written over; old ones stay for the results made with them.
    """
    from importlib.metadata import version

    from bdhvs.analysis.calibrate import CannotCalibrate
    from bdhvs.analysis.calibrate import calibrate as calibrated
    from bdhvs.analysis.scored import NothingToScore, scored
    from bdhvs.bank.calibration import free_version, load_calibrations, write_calibration
    from bdhvs.bank.loader import Bank
    from bdhvs.errors import MissingExtra
    from bdhvs.store import Store
    from bdhvs.store.export import response_rows

    bank = Bank.load(content)
    before = [one for one in load_calibrations(bank.content, bank.items) if one.sample.synthetic == synthetic]
    rows: list[dict[str, object]] = []
    for folder in data or (Path("bdhvs-data"),):
        with Store.read_only(folder) as store:
            rows += response_rows(store)
    try:
        made = calibrated(
            bank,
            scored(rows),
            version=free_version(bank.content, datetime.now(UTC).date().isoformat()),
            program=f"bdhvs {version('bdhvs')}",
            kind=kind,  # type: ignore[arg-type]  # click has checked it
            previous=before[-1] if before and not new_scale else None,
            synthetic=synthetic,
        )
    except NothingToScore as error:
        raise CannotCalibrate(str(error)) from error
    except ModuleNotFoundError as error:
        raise MissingExtra(error.name or "numpy", "measurement") from error
    path = None if dry_run else write_calibration(bank.content, made.calibration)
    proposed = _propose(bank, made) if cuts and not dry_run else None
    click.echo(_json(made, path) if as_json else _report(made, path))
    if proposed and not as_json:
        click.echo(f"Cut scores proposed in {proposed}: look at them, then set its status to in_use (docs/levels.md).")


def _propose(bank: Bank, made: Made) -> Path:
    """Write cut scores by response probability beside the others."""
    from bdhvs.bank.cut_scores import FOLDER
    from bdhvs.service.bands import cut_scores_by_response

    scores = cut_scores_by_response(bank, made.calibration, made.calibration.date)
    path = bank.content.assessments / FOLDER / f"{scores.id}.yaml"
    path.parent.mkdir(exist_ok=True)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(scores.as_yaml())
    return path


def _json(made: Made, path: Path | None) -> str:
    report = {
        "v": 1,
        "file": str(path) if path else None,
        "calibration": made.calibration.model_dump(mode="json"),
        "without_estimate": {name: list(codes) for name, codes in made.without.items()},
        "drift": [
            {"item": one.id, "before": one.before, "after": one.after, "difference": one.difference, "error": one.error, "moved": one.moved}
            for one in made.drift
        ],
    }
    return json.dumps(report, ensure_ascii=False, indent=2)


def _report(made: Made, path: Path | None) -> str:
    found = made.calibration
    lines = [
        f"Calibration {found.version} ({found.kind}, {found.program}): {found.sample.persons} learners, {found.sample.answers} answers, "
        f"{found.sample.first} to {found.sample.last}{' - SIMULATED' if found.sample.synthetic else ''}",
        f"Learners on the scale: mean {found.mean:+.2f}, deviation {found.sd:.2f}; "
        + (f"the scale is that of {found.previous}" if found.previous else "the scale is new: these learners' mean is 0"),
        "" if found.converged else "The search did NOT settle: take no number from here.",
        f"{'item':34} {'answers':>7} {'slope':>13} {'difficulty':>15}  flags",
        *map(_line, sorted(found.items, key=lambda one: one.difficulty)),
    ]
    if made.without:
        lines += ["", "Without an estimate (their level stays their difficulty):"]
        lines += [f"  {name}: {', '.join(codes)}" for name, codes in sorted(made.without.items())]
    if found.previous:
        lines += ["", *_drift(made.drift, found.previous)]
    lines += ["", f"Written to {path}" if path else "Nothing was written (--dry-run)."]
    return "\n".join(lines)


def _line(one: ItemEstimate) -> str:
    slope = f"{one.slope:.2f} ± {one.slope_error:.2f}" if one.slope_error else f"{one.slope:.2f}"
    difficulty = f"{one.difficulty:+.2f} ± {one.difficulty_error:.2f}" if one.difficulty_error else f"{one.difficulty:+.2f}"
    doubt = "" if one.usable else "NOT USED "
    return f"{one.id[:34]:34} {one.persons:7} {slope:>13} {difficulty:>15}  {doubt}{', '.join(one.flags)}"


def _drift(drift: tuple[Moved, ...], previous: str) -> list[str]:
    moved = [one for one in drift if one.moved]
    head = f"{len(drift)} items are in {previous} too; {len(moved)} of them moved (they do not carry the scale):"
    rows = [f"  {one.id}: {one.before:+.2f} → {one.after:+.2f} ({one.difference:+.2f} ± {one.error:.2f})" for one in moved]
    return [head, *rows] if moved else [head.replace(" (they do not carry the scale):", ".")]

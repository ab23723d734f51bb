"""``bdhvs results``: the answers of a data folder as one tidy table."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command()
@click.argument("data", type=click.Path(path_type=Path), default=Path("bdhvs-data"), envvar="BDHVS_DATA")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=None,
    help="File to write: .csv or .parquet; default: CSV to standard output.",
)
@click.option("--scores", is_flag=True, help="One row per score and domain instead: what finished attempts show, by which version.")
@click.option("--learners", is_flag=True, help="One row per learner instead: place, group, age band, sex, device, as far as they are known.")
@click.option("--columns", is_flag=True, help="List the columns and what they hold, then stop.")
def results(data: Path, out: Path | None, scores: bool, learners: bool, columns: bool) -> None:
    """One row per response of the class in DATA; works while the class runs. No names."""
    from bdhvs.service import score_table
    from bdhvs.store import Store, export
    from bdhvs.store import learners as learner_table

    if scores and learners:
        raise click.UsageError("found --scores and --learners, expected one of them; call twice to have both tables")
    table = "scores" if scores else "learners" if learners else "responses"
    lines = {"scores": score_table.score_lines, "learners": learner_table.csv_lines, "responses": export.csv_lines}[table]
    if columns:
        declared = {"scores": score_table.COLUMNS, "learners": learner_table.COLUMNS, "responses": export.COLUMNS}[table]
        for name, meaning in declared.items():
            click.echo(f"{name:16} {meaning}")
        return
    if out is not None and out.suffix == ".parquet":
        from bdhvs.analysis import frames

        frame = {"scores": frames.scores, "learners": frames.learners, "responses": frames.responses}[table](data)
        frame.to_parquet(out, index=False)
        click.echo(f"{out}: {len(frame)} rows", err=True)
        return
    if out is not None and out.suffix != ".csv":
        raise click.BadParameter(f"found {out.suffix or 'no ending'!r}, expected .csv or .parquet", param_hint="--out")
    with Store.read_only(data) as store:
        if out is None:
            sys.stdout.writelines(lines(store))
        else:
            with out.open("w", encoding="utf-8", newline="") as file:
                file.writelines(lines(store))
            click.echo(f"{out}: {sum(1 for _ in out.open(encoding='utf-8')) - 1} rows", err=True)

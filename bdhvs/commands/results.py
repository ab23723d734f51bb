"""``bdhvs results``: the answers of a data folder as one tidy table."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bdhvs.store import Store


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
@click.option("--ambassadors", is_flag=True, help="One row per person helped instead (Đại sứ số): day, skill, by which learner; no names.")
@click.option("--columns", is_flag=True, help="List the columns and what they hold, then stop.")
def results(data: Path, out: Path | None, scores: bool, learners: bool, ambassadors: bool, columns: bool) -> None:
    """One row per response of the class in DATA; works while the class runs. No names."""
    from bdhvs.store import Store

    asked = [name for name, wanted in (("scores", scores), ("learners", learners), ("ambassadors", ambassadors)) if wanted]
    if len(asked) > 1:
        raise click.UsageError(f"found {' and '.join(f'--{one}' for one in asked)}, expected one of them; call again to have the others")
    table = asked[0] if asked else "responses"
    declared, lines = _table(table)
    if columns:
        for name, meaning in declared.items():
            click.echo(f"{name:16} {meaning}")
        return
    if out is not None and out.suffix == ".parquet":
        from bdhvs.analysis import frames

        frame = getattr(frames, table)(data)
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


def _table(name: str) -> tuple[Mapping[str, str], Callable[[Store], Iterator[str]]]:
    """Columns of a table, and what makes its lines."""
    if name == "scores":
        from bdhvs.service import score_table

        return score_table.COLUMNS, score_table.score_lines
    if name == "learners":
        from bdhvs.store import learners

        return learners.COLUMNS, learners.csv_lines
    if name == "ambassadors":
        return _ambassadors()
    from bdhvs.store import export

    return export.COLUMNS, export.csv_lines


def _ambassadors() -> tuple[Mapping[str, str], Callable[[Store], Iterator[str]]]:
    from bdhvs.bank.framework import Framework
    from bdhvs.service import ambassador_table

    def lines(store: Any) -> Iterator[str]:
        return ambassador_table.ambassador_lines(store, ambassador_table.required(Framework.load().ambassador))

    return ambassador_table.COLUMNS, lines

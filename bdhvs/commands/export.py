"""``bdhvs export``: a data folder as a dataset for research, or as public tables, without names."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

if TYPE_CHECKING:
    from bdhvs.dataset import Manifest
    from bdhvs.dataset.manifest import Privacy
    from bdhvs.dataset.movement import Counted
    from bdhvs.dataset.source import Period
    from bdhvs.store import Store

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("data", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--privacy",
    type=click.Choice(["research", "public"]),
    default="research",
    show_default=True,
    help="research: rows of persons under new numbers; public: counts and means only.",
)
@click.option(
    "--k", type=click.IntRange(min=2), default=10, show_default=True, help="How many share whatever is told of people."
)
@click.option("--since", type=_DAY, default=None, help="Only attempts begun on this day (in Vietnam) or later.")
@click.option("--until", type=_DAY, default=None, help="Only attempts begun on this day or earlier.")
@click.option("--content", type=click.Path(path_type=Path), default=None, help="Folder that holds assessments/.")
def export(
    data: Path, out: Path, privacy: str, k: int, since: datetime | None, until: datetime | None, content: Path | None
) -> None:
    """Write the answers in DATA as a dataset (Parquet) into the new folder OUT; works while the class runs. No names."""
    from bdhvs.dataset.arrow import need_pyarrow
    from bdhvs.dataset.export import export as exported
    from bdhvs.dataset.source import Period
    from bdhvs.store import Store

    need_pyarrow()
    period = Period(since.date() if since else None, until.date() if until else None)
    with Store.read_only(data) as store, _Bar() as bar:
        movement = _movement(store, content, period) if privacy == "research" else None
        level = cast("Privacy", privacy)
        manifest = exported(store, out, privacy=level, k=k, period=period, movement=movement, progress=bar)
    click.echo("\n".join(_said(out, manifest)), err=True)


def _movement(store: Store, content: Path | None, period: Period) -> Counted:
    """Counts of helpers and households by class; no bank is read where no class has any."""
    from bdhvs.bank.loader import Bank
    from bdhvs.service.movement_counts import ClassCounts, class_counts

    if not store.helped_in() and not any(store.households(room.id) for room in store.classrooms()):
        return lambda room: ClassCounts(0, 0, 0, 0)
    bank = Bank.load(content)
    return lambda room: class_counts(store, room, bank, period.holds)


class _Bar:
    """A progress bar that learns its length at the first step."""

    def __init__(self) -> None:
        self._bar: Any = None

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if self._bar is not None:
            self._bar.render_finish()

    def __call__(self, done: int, of: int) -> None:
        if self._bar is None:
            self._bar = click.progressbar(length=of, label="learners", file=sys.stderr)
        self._bar.update(done)


def _said(out: Path, manifest: Manifest) -> list[str]:
    rows = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in manifest.rows.items())
    size = sum(part.bytes for part in manifest.files) / 1e6
    lines = [f"{out}: {rows}; {len(manifest.files) + 1} files, {size:.1f} MB. What each column holds: dictionary.md"]
    if manifest.privacy == "research":
        cost = manifest.loss
        lines.append(
            f"Withheld so that at least {manifest.k} share every combination of place, age, sex, group and device: something of "
            f"{cost['people_changed']:.0%} of learners, {cost['cells_withheld']:.0%} of what they told; "
            f"{cost['information_kept']:.0%} of the information is kept."
        )
        if cost["smallest"] < (manifest.k or 0):
            lines.append(f"There are only {cost['smallest']} learners: nothing is told of any of them.")
        if lost := sum(cost.get("movement", {}).get("withheld", {}).values()):
            lines.append(f"Of helpers and households {lost} counts below {manifest.k} are withheld.")
        lines.append(
            "These are still rows about persons: keep them as you would a list of names. docs/researcher.md says why."
        )
    else:
        for name in manifest.rows:
            one = manifest.loss[name]
            lines.append(
                f"{name.replace('_', ' ')}: {one['cells_kept']} of {one['cells']} cells stand as they are "
                f"({one['kept']:.0%} of what was counted); {one['merged']:.0%} is merged, {one['dropped']:.0%} dropped (k = {manifest.k})"
            )
    return lines

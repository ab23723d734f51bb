"""What an adaptive form chooses by: the pool with its parameters, the rules, the calibration, as one row under its digest.

A *version* is all that a choice rests on besides the answers. The class server keeps it in the store, and an attempt's rules
name it; ``bdhvs check`` asks whether it can be kept, ``bdhvs simulate`` what it would do. All of them make it here.

**Before an item is calibrated** its difficulty is what its author said (`bdhvs.measurement.thresholds.tag_difficulty`: a
logit a level), slope 1, and it is done or not done, for nothing is known of what a half is worth.

numpy is imported when the first engine is made, not before; without it adaptive forms are not offered.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from bdhvs.bank.calibration import Calibration, ItemEstimate, calibration_in_use
from bdhvs.bank.digests import digest_of_all
from bdhvs.bank.loader import Bank
from bdhvs.core.adaptive import Adaptive, domain_of
from bdhvs.core.forms import Form
from bdhvs.core.items.base import Item
from bdhvs.errors import MissingExtra, NotFound, StoreError
from bdhvs.measurement.thresholds import tag_difficulty
from bdhvs.service.imagined_bank import ImaginedItem
from bdhvs.store import AdaptiveVersionRow
from bdhvs.store.codec import json_text, value_of

if TYPE_CHECKING:
    from bdhvs.measurement.adaptive.form import AdaptiveForm
    from bdhvs.measurement.adaptive.rules import Rules
    from bdhvs.measurement.calibrated import CalibratedItems

NEEDED = ("numpy", "scipy")
FORMAT = 1  # of what is kept in the store


def missing_for_adaptive() -> tuple[str, ...]:
    """Packages that adaptive forms need and this machine lacks; looks without importing them."""
    return tuple(name for name in NEEDED if find_spec(name) is None)


def how_to_get_adaptive() -> str:
    """The command that brings what adaptive forms need; ``make serve`` has one of its own."""
    return os.environ.get("BDHVS_MEASUREMENT_COMMAND") or 'pip install "bdhvs[measurement]"'


def unfit(form: Form, bank: Bank) -> str | None:
    """Why the bank cannot serve an adaptive form; None when it can, or when numpy is not there to tell."""
    if form.adaptive is None or missing_for_adaptive():
        return None
    try:
        engine_of(version_of(form, bank))
    except ValueError as error:
        return str(error)
    return None


def version_of(form: Form, bank: Bank) -> AdaptiveVersionRow:
    """What a form chooses by today, with the newest calibration that rests on people's answers.

    Raises
    ------
    NotFound
        for a fixed list.
    BankError
        when a calibration cannot be read.
    """
    return version_with(form, bank.items.values(), calibration_in_use(bank.content, bank.items), bank.enemies)


def version_with(
    form: Form,
    items: Iterable[Item | ImaginedItem],
    calibration: Calibration | None = None,
    enemies: Iterable[frozenset[str]] = (),
) -> AdaptiveVersionRow:
    """What a form would choose by, from these items and this calibration, as plain values in the order of ids.

    `enemies`: those of the whole bank, beside the form's own.

    Raises
    ------
    NotFound
        for a fixed list.
    """
    rules = form.adaptive
    if rules is None:
        raise NotFound(f"form {form.id} is a fixed list")
    pool = _pool(rules, items, calibration)
    ids = {item.id for item in pool}
    groups = sorted({tuple(sorted(ids & set(group))) for group in (*rules.enemies, *enemies)})
    details = {
        "format": FORMAT,
        "form": {"id": form.id, "version": form.version},
        "calibration": calibration.version if calibration else None,
        "rules": rules.model_dump(mode="json", exclude={"pool", "enemies", "seed"}),
        "items": [_item_details(item, calibration) for item in pool],
        "enemies": [list(group) for group in groups if len(group) > 1],
    }
    return AdaptiveVersionRow(digest_of_all([json_text(details)]), value_of(json_text(details)))


def engine_of(row: AdaptiveVersionRow) -> AdaptiveForm:
    """The rules and the pool of a version, ready to choose.

    Raises
    ------
    MissingExtra
        when numpy is not installed.
    StoreError
        when a newer bdhvs wrote the version.
    ValueError
        when these rules cannot be kept with this pool.
    """
    if missing := missing_for_adaptive():
        raise MissingExtra(", ".join(missing), "measurement")
    if row.details.get("format") != FORMAT:
        raise StoreError(
            f"adaptive version {row.digest}: found format {row.details.get('format')}, expected {FORMAT}; open it with a newer bdhvs"
        )
    from bdhvs.measurement.adaptive.form import AdaptiveForm
    from bdhvs.measurement.adaptive.pool import Pool

    items = row.details["items"]
    if not items:
        raise ValueError(
            "found a pool without items, expected at least one; ask for more competences, levels or audiences"
        )
    pool = Pool(
        _parameters(items),
        domains=tuple(one["domain"] for one in items),
        enemies=tuple(frozenset(group) for group in row.details["enemies"]),
        simulators=tuple(one["simulator"] for one in items),
        levels=tuple(one["level"] for one in items),
    )
    return AdaptiveForm(_rules(row.details["rules"]), pool)


def calibrated_items(items: Iterable[Item | ImaginedItem], calibration: Calibration | None = None) -> CalibratedItems:
    """The parameters of these items, in their order: the calibration's, and of an item that is not in it those of its level.

    Raises
    ------
    MissingExtra
        when numpy is not installed.
    ValueError
        when items of two families are among them.
    """
    if missing := missing_for_adaptive():
        raise MissingExtra(", ".join(missing), "measurement")
    return _parameters([_item_details(item, calibration) for item in items])


def _pool(
    rules: Adaptive, items: Iterable[Item | ImaginedItem], calibration: Calibration | None
) -> list[Item | ImaginedItem]:
    pool = rules.pool_of(sorted(items, key=lambda item: item.id))
    return [item for item in pool if not rules.pool.calibrated or _estimate(item, calibration) is not None]


def _estimate(item: Item | ImaginedItem, calibration: Calibration | None) -> ItemEstimate | None:
    return calibration.of(item) if calibration and isinstance(item, Item) else None


def _item_details(item: Item | ImaginedItem, calibration: Calibration | None) -> dict[str, Any]:
    """One item of a version; ``prior`` true: its parameters are the author's level."""
    estimate = _estimate(item, calibration)
    slope, intercepts = (
        (estimate.slope, list(estimate.intercepts)) if estimate else (1.0, [-tag_difficulty(item.level)])
    )
    return {
        "id": item.id,
        "version": item.version,
        "domain": domain_of(item.competence),
        "level": item.level,
        "simulator": item.is_simulator,
        "slope": slope,
        "intercepts": intercepts,
        "family": calibration.family if estimate and calibration else "partial_credit",
        "prior": estimate is None,
    }


def _parameters(items: Sequence[Mapping[str, Any]]) -> CalibratedItems:
    from bdhvs.measurement.calibrated import CalibratedItems

    # Of scores 0 and 1 both families say the same.
    families = {one["family"] for one in items if len(one["intercepts"]) > 1}
    if len(families) > 1:
        raise ValueError(
            f"found items of the families {', '.join(sorted(families))}, expected one; calibrate them together"
        )
    rows = [(one["slope"], *one["intercepts"]) for one in items]
    return CalibratedItems.of_rows([one["id"] for one in items], rows, families.pop() if families else "partial_credit")


def _rules(written: Mapping[str, Any]) -> Rules:
    """The engine's rules; domains of the pool without a share do not occur, `Adaptive.pool_of` left them out."""
    from bdhvs.measurement.adaptive.rules import Rules

    kind, prior, simulators = written["kind_start"], written["prior"], written["simulators"]
    return Rules(
        minimum=written["minimum"],
        maximum=written["maximum"],
        domain_shares=written["shares"],
        simulators_required=simulators["at_least"],
        simulators_at_most=simulators["at_most"],
        exposure_cap=written["exposure"],
        cuts=tuple(written["cuts"]),
        certainty=written["certainty"],
        first_success=kind["first"],
        later_success=kind["later"],
        kind_items=kind["items"],
        warm_up=tuple(kind.get("warm_up", ())),  # versions kept before this rule have none
        prior_mean=prior["mean"],
        prior_sd=prior["sd"],
    )

"""A new calibration of the bank from answers, on the scale of the one before, and what has changed since."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from bdhvs.analysis.scored import ItemKey, Scored
from bdhvs.bank.calibration import Calibration, ItemEstimate, Kind, Sample
from bdhvs.errors import BdhvsError
from bdhvs.measurement.thresholds import tag_difficulty
from bdhvs.service.bands import calibrated

if TYPE_CHECKING:
    from bdhvs.bank.loader import Bank
    from bdhvs.measurement.calibrated import CalibratedItems
    from bdhvs.measurement.calibration import IRTModel
    from bdhvs.measurement.linking import Link, MethodName
    from bdhvs.measurement.priors import Priors

PRIOR_SD = 1.0  # logits: how far an author's level may be off
SPOILT = frozenset({"at_bound", "negative_slope", "not_converged", "no_error", "disconnected"})
FREE_SLOPES = frozenset({"2pl", "gpcm", "grm"})
SURE = 3.0  # standard errors, since a bank has many items
LEAST_MOVE = 0.3  # logits: a smaller change of an item's difficulty moves no learner's band, however sure it is


class CannotCalibrate(BdhvsError):
    """The data do not carry a calibration; the message says why and what to do."""

    code = "cannot_calibrate"


@dataclass(frozen=True)
class Moved:
    """An item in two calibrations: difficulty and its standard error then and now, logits of the old scale."""

    id: str
    before: float
    after: float
    error: float  # of the difference
    robust_z: float
    moved: bool

    @property
    def difference(self) -> float:
        """How much harder it has become, logits."""
        return self.after - self.before


@dataclass(frozen=True)
class Made:
    """A new calibration, the items that got no estimate (id → codes), and how the others compare with the one before."""

    calibration: Calibration
    without: Mapping[str, tuple[str, ...]]
    drift: tuple[Moved, ...]


def calibrate(
    bank: Bank,
    responses: Scored,
    *,
    version: str,
    program: str,
    kind: Kind = "gpcm",
    previous: Calibration | None = None,
    synthetic: bool = False,
) -> Made:
    """Put items on the scale.

    Parameters
    ----------
    kind : "gpcm" (two parameters for items of one point, partial credit for others), "pcm" (Rasch's), "grm", "rasch" or "2pl".
    previous : the calibration whose scale is kept, through the items that both have (Stocking and Lord's line, Rasch's by means);
        items that have moved do not carry the link.

    Raises
    ------
    CannotCalibrate
        when no item gets an estimate, a score does not fit `kind`, or `previous` shares too few items or is of another family.

    Notes
    -----
    Each item's level is its prior difficulty (`tag_difficulty`, standard deviation `PRIOR_SD`), and slopes have a lognormal
    prior; data take over with their number. Items the bank no longer has in that version have no prior. Items on which abler
    learners do worse are found first, without priors (a lognormal slope cannot be negative), and left out: their key is wrong.
    """
    turned = _turned(responses, kind)
    responses = responses.without(turned)
    model = _fitted(responses, kind, _priors(bank, responses, kind))
    link, drift = _linked(model, previous)
    placed = link.items(model.items_) if link is not None else model.items_
    made = Calibration(
        version=version,
        date=version[:10],
        program=program,
        bank=bank.version,
        kind=kind,
        family=model.family,
        nodes=model.nodes,
        sample=Sample(
            persons=len(responses.learners), answers=len(responses.score), first=responses.first, last=responses.last, synthetic=synthetic
        ),
        mean=round(float(link.shift), 6) if link is not None else 0.0,
        sd=round(_spread(model) * (link.slope if link is not None else 1.0), 6),
        loglik=round(model.loglik_, 4),
        converged=model.converged_,
        previous=previous.version if previous is not None else None,
        items=_estimates(responses, model, placed, link),
    )
    flags = {name: tuple(one.code for one in own) for name, own in zip(model.item_ids_, model.flags_, strict=True)}
    known = {str(ItemKey(one.id, one.version)) for one in made.items}
    without = {name: own for name, own in flags.items() if name not in known}
    return Made(made, without | {str(one): ("negative_slope",) for one in turned}, drift)


def calibrated_items(found: Calibration) -> CalibratedItems:
    """The usable items of a calibration, named ``id@version``."""
    usable = [one for one in found.items if one.usable]
    if not usable:
        raise CannotCalibrate(f"calibration {found.version} has no usable item")
    return calibrated(usable, found.family)


def _priors(bank: Bank, responses: Scored, kind: Kind) -> Priors:
    from bdhvs.measurement.priors import LogNormal, Priors

    slope = LogNormal() if kind in FREE_SLOPES else None
    return Priors(slope=slope, difficulty=_beliefs(bank, responses), difficulty_sd=PRIOR_SD)


def _turned(responses: Scored, kind: Kind) -> frozenset[ItemKey]:
    """Items on which abler learners do worse."""
    if kind not in FREE_SLOPES:
        return frozenset()
    model = _fitted(responses, kind, None)
    return frozenset(
        key
        for key, own in zip(responses.items, model.flags_, strict=True)
        if any(one.code == "negative_slope" for one in own)
    )


def _fitted(responses: Scored, kind: Kind, priors: Priors | None) -> IRTModel:
    """With errors when there are priors; without, it is only a look at the items."""
    import numpy as np

    from bdhvs.measurement.calibration import IRTModel
    from bdhvs.measurement.flags import CalibrationWarning
    from bdhvs.measurement.responses import Responses

    table = Responses.from_long(
        np.array(responses.person), np.array(responses.item), np.array(responses.score), items=len(responses.items)
    ).with_maximum(responses.maximum)
    model = IRTModel(kind, priors=priors, errors=priors is not None)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", CalibrationWarning)  # what it says stands in the file: converged, flags
            return model.fit(table, item_ids=[str(one) for one in responses.items])
    except ValueError as error:
        raise CannotCalibrate(str(error)) from error


def _beliefs(bank: Bank, responses: Scored) -> dict[str, float]:
    present = {one: bank.items.get(one.id) for one in responses.items}
    return {str(key): tag_difficulty(item.level) for key, item in present.items() if item is not None and item.version == key.version}


def _spread(model: IRTModel) -> float:
    return float(model.group_distributions_[0].sd)


def _linked(model: IRTModel, previous: Calibration | None) -> tuple[Link | None, tuple[Moved, ...]]:
    """The line to the old scale through the items that have not moved, and how all common items compare."""
    if previous is None:
        return None, ()
    from bdhvs.measurement.linking import drift, link

    old, new = calibrated_items(previous), model.items_
    method: MethodName = "stocking_lord" if model.kind in FREE_SLOPES else "mean_mean"
    try:
        line = link(old, new, method, jackknife=False)
        first = drift(old, new, line)
        moved = {name for name, gone in zip(first.ids, first.moved, strict=True) if gone}
        kept = [place for place, name in enumerate(old.ids) if name not in moved]
        line = link(old.take(kept), new, method, jackknife=False)
    except ValueError as error:
        raise CannotCalibrate(f"the scale of {previous.version} cannot be kept: {error}") from error
    found = drift(old, new, line)
    return line, _compared(previous, model, line, dict(zip(found.ids, found.robust_z, strict=True)))


def _compared(previous: Calibration, model: IRTModel, line: Link, robust_z: Mapping[str, float]) -> tuple[Moved, ...]:
    from bdhvs.measurement.linking import DRIFT

    errors = dict(zip(model.item_ids_, model.se_.difficulty, strict=True))
    now = dict(zip(model.items_.ids, line.items(model.items_).difficulty, strict=True))
    found = []
    for one in previous.items:
        name = str(ItemKey(one.id, one.version))
        if name not in robust_z:
            continue
        error = sqrt(one.difficulty_error**2 + (abs(line.slope) * float(errors[name])) ** 2)
        away = abs(now[name] - one.difficulty)
        far = away >= LEAST_MOVE and away > SURE * error and not abs(robust_z[name]) <= DRIFT
        found.append(Moved(one.id, one.difficulty, float(now[name]), error, float(robust_z[name]), bool(far)))
    return tuple(sorted(found, key=lambda one: -abs(one.difference)))


def _estimates(responses: Scored, model: IRTModel, placed: CalibratedItems, line: Link | None) -> tuple[ItemEstimate, ...]:
    import numpy as np

    place = {name: number for number, name in enumerate(model.item_ids_)}
    answers = np.bincount(np.array(responses.item), minlength=len(responses.items))
    scale = abs(line.slope) if line is not None else 1.0
    kept = [one for one in range(len(placed.ids)) if placed.slope[one] > 0]  # below 0 an estimate says that the key is wrong
    if not kept:
        raise CannotCalibrate("found no item with an estimate, expected at least one; gather more answers first")

    def estimate(one: int) -> ItemEstimate:
        number = place[placed.ids[one]]
        key = responses.items[number]
        codes = tuple(flag.code for flag in model.flags_[number])
        return ItemEstimate(
            id=key.id,
            version=key.version,
            slope=_rounded(placed.slope[one]),
            intercepts=tuple(_rounded(own) for own in placed.parameters[one, 1:] if not np.isnan(own)),
            difficulty=_rounded(placed.difficulty[one]),
            slope_error=_rounded(model.se_.discrimination[number] / scale),
            difficulty_error=_rounded(model.se_.difficulty[number] * scale),
            persons=int(answers[number]),
            flags=codes,
            usable=not SPOILT & set(codes),
        )

    return tuple(map(estimate, kept))


def _rounded(value: float) -> float:
    """As it is written; NaN, the error of what was fixed, becomes 0."""
    return round(float(value), 6) if value == value else 0.0

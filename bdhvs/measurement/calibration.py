"""Calibration: item parameters from responses, by marginal maximum likelihood, in the manner of scikit-learn."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bdhvs.measurement import ability, flags, grids, leading, plans, standard_errors
from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.flags import LEAST_FOR_SLOPE, CalibrationWarning, Flag
from bdhvs.measurement.grids import Normal
from bdhvs.measurement.item_models import FamilyName, Floats
from bdhvs.measurement.maximisation import INTERCEPT_BOUND, LEAST_SD, MOST_SD, SLOPE_BOUND, Bank
from bdhvs.measurement.partitions import Mapped, Partition, Parts
from bdhvs.measurement.plans import Plan
from bdhvs.measurement.priors import Priors
from bdhvs.measurement.responses import Responses
from bdhvs.measurement.search import Found

Kind = Literal["rasch", "2pl", "pcm", "gpcm", "grm"]
FREE_SLOPE = {"rasch": False, "2pl": True, "pcm": False, "gpcm": True, "grm": True}
TOLERANCE = {np.float64: 1e-7, np.float32: 2e-5}


class IRTModel:
    """Item response model with abilities normal in each group of persons.

    Parameters
    ----------
    kind : "rasch" and "2pl" for scores 0 and 1; "pcm", "gpcm" and "grm" (graded) for scores 0 … m as well.
    nodes : of the grid of abilities, equally spaced from −`widest` to `widest` logits.
    priors : see `bdhvs.measurement.priors`; none by default.
    anchors : items whose parameters stay as they are, found by their ids; they set the scale.
    least_for_slope : answers below which an item's slope stays at 1, or leans on its prior.
    tolerance : the search ends when no parameter moves by as much in an EM step; None for 1e-7, or 2e-5 in single precision
        (from 100,000 persons on).
    most_steps : EM steps after which the search gives up, with a `CalibrationWarning` and a flag.
    errors : whether to compute standard errors.
    threads : blocks of persons worked on at once.

    Attributes
    ----------
    discrimination_, difficulty_ : by item; NaN for an item without an estimate. See `CalibratedItems.difficulty`.
    thresholds_ : items × highest score: where each step lies (divide by total: −(cₖ − cₖ₋₁)/a; graded: −dₖ/a).
    se_ : `standard_errors.StandardErrors` of the three and of the intercepts; NaN for what was not estimated.
    loglik_ : marginal log-likelihood; n_parameters_, n_persons_.
    n_iter_, converged_ : EM steps over all persons, and whether they settled.
    flags_ : by item, a tuple of `Flag`.
    items_ : the items with an estimate, for everything that comes after; item_ids_ : all items.
    groups_ : labels; group_distributions_ : mean and standard deviation of each.

    Notes
    -----
    The scale: without anchors the first group (labels sorted) has mean 0, and deviation 1 where slopes are free; all other
    means and deviations are estimated. With anchors all are. Missing responses are taken as missing at random (Rubin 1976):
    what was shown may depend on answers given, as in an adaptive test, since all answers are in the likelihood.
    """

    def __init__(
        self,
        kind: Kind = "2pl",
        *,
        nodes: int = 61,
        widest: float = grids.WIDEST,
        priors: Priors | None = None,
        anchors: CalibratedItems | None = None,
        least_for_slope: int = LEAST_FOR_SLOPE,
        tolerance: float | None = None,
        most_steps: int = 500,
        errors: bool = True,
        threads: int = 2,
    ) -> None:
        self.kind: Kind = kind
        self.nodes = nodes
        self.widest = widest
        self.priors = priors
        self.anchors = anchors
        self.least_for_slope = least_for_slope
        self.tolerance = tolerance
        self.most_steps = most_steps
        self.errors = errors
        self.threads = threads

    PARAMETERS = (
        "kind", "nodes", "widest", "priors", "anchors", "least_for_slope", "tolerance", "most_steps", "errors", "threads",
    )  # fmt: skip

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """What it was made with, as scikit-learn's tools ask."""
        return {name: getattr(self, name) for name in self.PARAMETERS}

    def set_params(self, **parameters: Any) -> IRTModel:
        """Change what it was made with; gives itself. ValueError for a name it does not know."""
        for name, value in parameters.items():
            if name not in self.PARAMETERS:
                raise ValueError(f"found parameter {name!r}, expected one of {', '.join(self.PARAMETERS)}")
            setattr(self, name, value)
        return self

    @property
    def family(self) -> FamilyName:
        """The family its kind belongs to."""
        return "graded" if self.kind == "grm" else "partial_credit"

    def fit(
        self,
        X: ArrayLike | Responses,  # noqa: N803 -- scikit-learn's name
        groups: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
        item_ids: Sequence[str] | None = None,
    ) -> IRTModel:
        """Estimate from responses.

        Parameters
        ----------
        X : persons × items of whole scores from 0, NaN for not shown (or −1 in an array of integers); or `Responses`, which for
            a bank of thousands come from a long table and are never made dense.
        groups : label of each person's group.
        sample_weight : how many persons each row stands for, ≥ 0. Standard errors take it at its word. Guards count rows, since a
            weight is no evidence: with patterns and how often each came, set `least_for_slope`.
        item_ids : names of the items; "item0", "item1", … by default.

        Raises
        ------
        ValueError
            saying what is wrong: sizes that differ, scores above 1 for "rasch" or "2pl", weights below 0, no item with an
            estimate, a group whose mean nothing links to the scale.
        """
        responses = X if isinstance(X, Responses) else Responses.dense(X)
        persons = responses.shape[0]
        self._check_settings()
        weight = None if sample_weight is None else _checked_weights(sample_weight, persons)
        labels: NDArray[Any] | None = None
        group: NDArray[np.intp] | None = None
        if groups is not None:
            if len(np.asarray(groups)) != persons:
                raise ValueError(f"found {len(np.asarray(groups))} group labels for {persons} persons, expected one each")
            labels, group = _labelled(groups)
        whole = Partition(responses, group, weight)
        if weight is not None and not weight.all():
            whole = whole.taking(np.flatnonzero(weight))  # who counts for nothing is no evidence for the guards either
        return self.fit_partitions([whole], labels=None if labels is None else labels.tolist(), item_ids=item_ids)

    def fit_partitions(
        self,
        parts: Any,
        *,
        mapped: Mapped = map,
        labels: Sequence[Any] | None = None,
        item_ids: Sequence[str] | None = None,
    ) -> IRTModel:
        """Estimate from responses in parts, wherever they are; see `bdhvs.measurement.partitions`.

        Parameters
        ----------
        parts : of `Partition`, anything that `mapped` takes, more than once.
        mapped : ``mapped(function, parts)`` gives the function's result for each part.
        labels : names of the groups that parts call 0, 1, …
        """
        self._check_settings()
        data = Parts(parts, mapped, self.threads)
        self._check(data.maximum)
        if labels is not None:
            if len(labels) < data.groups:
                raise ValueError(f"found {len(labels)} labels for {data.groups} groups, expected one each")
            data.groups = len(labels)
        self.item_ids_ = plans.names(item_ids, len(data.maximum))
        self.groups_: list[Any] = list(labels) if labels is not None else list(range(data.groups))
        plan = plans.plan(
            self.item_ids_,
            data,
            family=self.family,
            free_slope=FREE_SLOPE[self.kind],
            at=grids.nodes(self.nodes, self.widest),
            priors=self.priors or Priors(),
            anchors=self.anchors,
            least_for_slope=self.least_for_slope,
            labels=self.groups_,
        )
        found = self._search(plan, data)
        self._keep(plan, found, data)
        return self

    def ability(
        self,
        X: ArrayLike | Responses,  # noqa: N803 -- scikit-learn's name
        method: ability.Method = "eap",
        groups: ArrayLike | None = None,
    ) -> tuple[Floats, Floats]:
        """Ability and standard error of each person, logits; see `bdhvs.measurement.ability`.

        Parameters
        ----------
        X : as in `fit`, the same items in the same order; items without an estimate have no say.
        groups : labels as in `fit`; without them the first group's distribution is the prior of "eap" and "map".
        """
        if not hasattr(self, "parameters_"):
            raise ValueError("found no calibration to score by, expected fit before ability")
        responses = X if isinstance(X, Responses) else Responses.dense(X)
        group = None
        if groups is not None:
            place = {label: number for number, label in enumerate(self.groups_)}
            unknown = [label for label in np.unique(np.asarray(groups)).tolist() if label not in place]
            if unknown:
                raise ValueError(f"found group {unknown[0]!r}, expected one of {self.groups_}")
            group = np.array([place[label] for label in np.asarray(groups).tolist()], dtype=np.intp)
        return ability.estimate(
            responses,
            self.family,
            self.parameters_,
            method,
            groups=self.group_distributions_,
            group=group,
            nodes=self.nodes,
            widest=self.widest,
            threads=self.threads,
        )

    def _check_settings(self) -> None:
        """ValueError for a setting that no calibration can have."""
        if self.kind not in get_args(Kind):
            raise ValueError(f"found kind {self.kind!r}, expected one of {', '.join(get_args(Kind))}")
        if not 0 < self.widest < np.inf:
            raise ValueError(f"found widest {self.widest}, expected logits above 0 (6 is usual)")
        if self.tolerance is not None and not 0 < self.tolerance < np.inf:
            raise ValueError(f"found tolerance {self.tolerance}, expected None or a number above 0")
        if self.most_steps < 1:
            raise ValueError(f"found most_steps {self.most_steps}, expected at least 1")

    def _check(self, maximum: NDArray[np.intp]) -> None:
        if self.kind in ("rasch", "2pl") and maximum.max() > 1:
            item = int(np.flatnonzero(maximum > 1)[0])
            raise ValueError(
                f"item {item}: found score {int(maximum[item])}, expected 0 and 1 for {self.kind!r}; "
                'take "pcm", "gpcm" or "grm" for partial credit'
            )

    def _search(self, plan: Plan, data: Parts) -> Found:
        tolerance = self.tolerance if self.tolerance is not None else TOLERANCE[data.dtype]
        return leading.found(plan.problem, data, plan.start, tolerance, self.most_steps)

    def _keep(self, plan: Plan, found: Found, data: Parts) -> None:
        """The results, under the names that scikit-learn's users expect."""
        bank, rules = plan.problem.bank, plan.problem.rules
        parameters = np.where(plan.unknown[:, None], np.nan, found.point.items)
        known = np.flatnonzero(~plan.unknown)
        self.n_persons_ = data.persons
        self.parameters_ = parameters
        self.group_distributions_ = list(found.point.groups)
        self.loglik_, self.n_iter_, self.converged_ = found.loglik, found.steps, found.converged
        self.n_parameters_ = int(bank.free.sum()) + sum(rules.free_mean) + sum(rules.free_sd)
        self.items_ = CalibratedItems(tuple(self.item_ids_[one] for one in known), _trimmed(parameters[known]), self.family)
        self.discrimination_ = parameters[:, 0].copy()
        self.difficulty_ = np.full(len(parameters), np.nan)
        self.difficulty_[known] = self.items_.difficulty
        self.thresholds_ = standard_errors.thresholds(self.family, parameters)
        columns = [*plan.flags, self._late(parameters, bank, found)]
        _warn(found, self.group_distributions_, self.groups_, self.widest)
        if self.errors:
            self.se_ = standard_errors.standard_errors(plan.problem, found.point, data)
            columns.append(_open(bank, self.se_.parameters))
        self.flags_ = flags.gathered(*columns)

    def _late(self, parameters: Floats, bank: Bank, found: Found) -> list[Flag | None]:
        """Flags that only the estimates show, one by item."""
        late: list[Flag | None] = []
        for own, free in zip(parameters, bank.free, strict=True):
            if (np.abs(own[1:])[free[1:]] >= INTERCEPT_BOUND).any() or (free[0] and abs(own[0]) >= SLOPE_BOUND):
                late.append(flags.flag("at_bound"))
            elif own[0] < 0:
                late.append(flags.flag("negative_slope", slope=own[0]))
            else:
                late.append(None if found.converged or not free.any() else flags.flag("not_converged"))
        return late


def _checked_weights(weights: ArrayLike, persons: int) -> Floats:
    found = np.asarray(weights, dtype=np.float64)
    if found.shape != (persons,):
        raise ValueError(f"found sample_weight of shape {found.shape}, expected one for each of {persons} persons")
    if not np.isfinite(found).all() or found.min() < 0 or not found.sum() > 0:
        raise ValueError("found a sample_weight below 0 or no number (or all 0), expected numbers ≥ 0")
    return found


def _trimmed(parameters: Floats) -> Floats:
    """Without the last columns that no item has."""
    has = ~np.isnan(parameters).all(axis=0)
    return np.asarray(parameters[:, : int(np.flatnonzero(has).max()) + 1])


def _labelled(groups: ArrayLike) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """Labels, sorted, and the number of each person's. ValueError where a label is missing."""
    missing = np.array([one is None or one != one for one in np.asarray(groups, dtype=object)], dtype=bool)
    if missing.any():
        raise ValueError(
            f"person {int(np.flatnonzero(missing)[0])}: found no group label, expected one each; "
            "give such persons a label of their own, or leave them out"
        )
    labels, group = np.unique(np.asarray(groups), return_inverse=True)
    return labels, group


def _open(bank: Bank, errors: Floats) -> list[Flag | None]:
    """A flag for each item with a free parameter that has no standard error: the likelihood has no peak there."""
    lost = bank.free & ~np.isfinite(errors)
    return [flags.flag("no_error") if row.any() else None for row in lost]


def _warn(found: Found, groups: Sequence[Normal], labels: Sequence[Any], widest: float) -> None:
    if not found.converged:
        warnings.warn(
            f"found no end after {found.steps} steps, expected the estimates to settle: look at flags_, then raise most_steps",
            CalibrationWarning,
            stacklevel=5,
        )
    for label, group in zip(labels, groups, strict=True):
        if not 1.001 * LEAST_SD < group.sd < 0.999 * MOST_SD:
            warnings.warn(
                f"group {label!r}: found a deviation at its bound of {group.sd:g}, so it is no estimate: there are too few persons, "
                "or they hardly differ",
                CalibrationWarning,
                stacklevel=5,
            )
        if abs(group.mean) + 3 * group.sd > widest:
            warnings.warn(
                f"group {label!r}: found mean {group.mean:.2f} and deviation {group.sd:.2f}, which the grid from -{widest:g} to "
                f"{widest:g} cuts off; raise widest (and nodes in proportion)",
                CalibrationWarning,
                stacklevel=5,
            )

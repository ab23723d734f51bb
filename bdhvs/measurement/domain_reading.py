"""What answers say about each domain: likelihood curves over a grid, or slopes at a person's own ability."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.domain_model import DomainItems
from bdhvs.measurement.domain_posterior import Curves
from bdhvs.measurement.item_models import LEAST_CHANCE, alike
from bdhvs.measurement.responses import Responses

Floats = NDArray[np.float64]

REACH = 6.0  # standard deviations of the prior to either side of its mean that a grid covers
FINENESS = 0.8  # node distance in standard deviations of the narrowest posterior: the trapezoid rule then errs by 1e-13
WIDEST_STEP = 0.5  # prior standard deviations
LOOKS = 121  # abilities at which an item's sharpest point is looked for
BLOCK_PERSONS = 2048  # six domains by 36 covariances of so many persons stay in a processor's cache
BLOCK_CELLS = 4_000_000  # of a dense table made into ones and zeros at a time: 32 MB


@dataclass(frozen=True)
class Grid:
    """Equally spaced abilities of a domain, and the log of each of its cells' chances there (cells × nodes)."""

    at: Floats
    log_chances: Floats


class Reading:
    """Responses beside the items they answer: what each block of persons says about each domain."""

    def __init__(self, items: DomainItems, responses: Responses) -> None:
        known, seen = items.items.cells, responses.cells
        if len(seen.maximum) != len(known.maximum):
            raise ValueError(
                f"found responses to {len(seen.maximum)} items, expected the {len(known.maximum)} calibrated ones"
            )
        # A table of scores counts 1 as possible in every item; only more than an item can give is wrong.
        over = np.flatnonzero(seen.maximum > known.maximum)
        if len(over):
            item = int(over[0])
            raise ValueError(
                f"item {items.items.ids[item]!r}: found a score of {seen.maximum[item]}, expected at most {known.maximum[item]}"
            )
        self._items, self._responses = items, responses
        self._domains = [_OneDomain.of(items, responses, d) for d in range(len(items.domains))]
        dense = BLOCK_PERSONS if responses.is_sparse else BLOCK_CELLS // len(seen.item)
        self._rows = max(1, min(BLOCK_PERSONS, dense))

    def parts(self, rows: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
        """Rows in parts that fit into a processor's cache."""
        for begin in range(0, len(rows), self._rows):
            yield rows[begin : begin + self._rows]

    def block(self, rows: NDArray[np.intp]) -> list[Any]:
        """Persons by cells as ones and zeros, a domain at a time."""
        part = self._responses.take(rows).block(slice(0, len(rows)), np.float64)
        if self._responses.is_sparse:
            part = part.tocsc()
        return [part[:, one.columns] for one in self._domains]

    def answered(self, block: list[Any]) -> NDArray[np.intp]:
        """Items answered: persons × domains."""
        counts = [np.asarray(part.sum(axis=1)).ravel() for part in block]
        return np.stack(counts, axis=1).astype(np.intp)

    def grids(self, mean: Floats, covariance: Floats) -> list[Grid]:
        """A grid for each domain, as wide as the prior and as fine as the sharpest posterior needs.

        No posterior is narrower than 1/√((Σ⁻¹)_dd + information of all its answers), since knowing the other domains
        exactly leaves (Σ⁻¹)_dd.
        """
        inverse, found = np.linalg.inv(covariance), []
        for d in range(len(mean)):
            sd = float(np.sqrt(covariance[d, d]))
            low, high = mean[d] - REACH * sd, mean[d] + REACH * sd
            narrowest = 1 / np.sqrt(inverse[d, d] + self._most_information(d, np.linspace(low, high, LOOKS)))
            step = min(FINENESS * narrowest, WIDEST_STEP * sd)
            at = np.linspace(low, high, int(np.ceil((high - low) / step)) + 1)
            found.append(Grid(at, self._domains[d].log_chances(at)))
        return found

    def curves(self, block: list[Any], grids: list[Grid]) -> list[Curves]:
        """Likelihood of each domain's answers over its grid."""
        found = []
        for part, grid in zip(block, grids, strict=True):
            log = np.asarray(part @ grid.log_chances)
            log -= log.max(axis=1, keepdims=True)
            found.append(Curves(grid.at, log, np.asarray(part.sum(axis=1)).ravel() > 0))
        return found

    def slopes(self, block: list[Any], ability: Floats) -> tuple[Floats, Floats]:
        """Derivative of the log-likelihood and Fisher's information at each person's own ability: domains × persons."""
        slope, information = np.zeros_like(ability), np.zeros_like(ability)
        for d, (part, one) in enumerate(zip(block, self._domains, strict=True)):
            if len(one.columns):
                by_cell, of_item = one.derivatives(ability[d])
                slope[d], information[d] = _picked(part, by_cell), _picked(part, of_item)
        return slope, information

    def _most_information(self, domain: int, at: Floats) -> float:
        """Most that the answers of any one person can say: as many items as anybody answered, at their sharpest."""
        sharpest = np.sort(self._domains[domain].information(at).max(axis=1, initial=0.0))[::-1]
        return float(sharpest[: self._most_answered[domain]].sum())

    @cached_property
    def _most_answered(self) -> NDArray[np.intp]:
        """Most items of a domain that anybody answered. In a dense table, a form, simply how many there are."""
        if not self._responses.is_sparse:
            return np.bincount(self._items.place, minlength=len(self._domains)).astype(np.intp)
        every = np.arange(self._responses.shape[0])
        most = [self.answered(self.block(some)).max(axis=0) for some in self.parts(every)]
        return np.asarray(np.max(most, axis=0), dtype=np.intp)


@dataclass(frozen=True)
class _OneDomain:
    """A domain's own items, and for each of its columns in the responses the place among their cells."""

    items: CalibratedItems | None  # None without any
    columns: NDArray[np.intp]
    cell: NDArray[np.intp]

    @classmethod
    def of(cls, items: DomainItems, responses: Responses, domain: int) -> _OneDomain:
        own, seen = items.of_domain(domain), responses.cells
        columns = np.flatnonzero(items.place[seen.item] == domain)
        if not len(own):
            return cls(None, columns, columns)
        its = items.items.take(own.tolist())
        return cls(its, columns, its.cells.first[np.searchsorted(own, seen.item[columns])] + seen.score[columns])

    def log_chances(self, at: Floats) -> Floats:
        """log P of each column: columns × nodes."""
        return self.items.log_probabilities(at)[self.cell] if self.items else np.empty((0, len(at)))

    def information(self, at: Floats) -> Floats:
        """Fisher's information of each item: items × nodes."""
        return self.items.information(at) if self.items else np.empty((0, len(at)))

    def derivatives(self, at: Floats) -> tuple[Floats, Floats]:
        """d log P / dθ of each column, and the information of its item: columns × persons."""
        own = self.items
        if own is None:
            return np.empty((0, len(at))), np.empty((0, len(at)))
        slope, information = np.empty((len(own.cells), len(at))), np.empty((len(own.ids), len(at)))
        for which, places in alike(own.cells):
            parameters = own.parameters[which, : places.shape[1]]
            chance = np.maximum(own.model.chances(parameters, at), LEAST_CHANCE)
            change = own.model.by_ability(parameters, at, chance)
            slope[places] = change / chance
            information[which] = (change**2 / chance).sum(axis=1)
        return slope[self.cell], information[own.cells.item[self.cell]]


def _picked(part: Any, by_cell: Floats) -> Floats:
    """Sum over the cells each person chose: persons."""
    if isinstance(part, np.ndarray):
        return np.asarray(np.einsum("nc,cn->n", part, by_cell))
    return np.asarray(part.multiply(by_cell.T).sum(axis=1)).ravel()

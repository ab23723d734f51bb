"""A second way to the same estimates, sharing no code with bdhvs: the marginal likelihood handed to scipy's BFGS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize


@dataclass(frozen=True)
class Direct:
    """One group, normal(0, `sd` = 1 or free); scores 0 … m with NaN for not shown."""

    scores: Any
    kind: str  # "2pl", "rasch", "pcm", "gpcm", "grm"
    at: Any

    @property
    def tops(self) -> list[int]:
        return [int(np.nanmax(column)) for column in self.scores.T]

    def unpacked(self, vector: Any) -> tuple[list[tuple[float, Any]], float]:
        rest = list(vector)
        sd = float(np.exp(rest.pop())) if self.kind in ("rasch", "pcm") else 1.0
        items = []
        for top in self.tops:
            slope = 1.0 if self.kind in ("rasch", "pcm") else rest.pop(0)
            items.append((slope, np.array([rest.pop(0) for _ in range(top)])))
        return items, sd

    def loglik(self, vector: Any) -> float:
        items, sd = self.unpacked(vector)
        weight = np.exp(-((self.at / sd) ** 2) / 2)
        total = np.tile(np.log(weight / weight.sum()), (len(self.scores), 1))
        for column, (slope, steps) in zip(self.scores.T, items, strict=True):
            logs = self._logs(slope, steps)
            shown = ~np.isnan(column)
            total[shown] += logs[column[shown].astype(int)]
        top = total.max(axis=1)
        return float((top + np.log(np.exp(total - top[:, None]).sum(axis=1))).sum())

    def _logs(self, slope: float, steps: Any) -> Any:
        if self.kind == "grm":
            better = 1 / (1 + np.exp(-(slope * self.at + steps[:, None])))
            ends = np.concatenate([np.ones((1, len(self.at))), better, np.zeros((1, len(self.at)))])
            return np.log(np.maximum(ends[:-1] - ends[1:], 1e-300))
        logits = slope * np.arange(len(steps) + 1)[:, None] * self.at + np.concatenate([[0.0], steps])[:, None]
        return logits - np.log(np.exp(logits).sum(axis=0))

    def gradient(self, vector: Any, step: float = 1e-5) -> Any:
        """Central differences."""
        eye = np.eye(len(vector)) * step
        return np.array([(self.loglik(vector + one) - self.loglik(vector - one)) / (2 * step) for one in eye])

    def hessian(self, vector: Any, step: float = 1e-4) -> Any:
        eye = np.eye(len(vector)) * step
        return np.array([(self.gradient(vector + one) - self.gradient(vector - one)) / (2 * step) for one in eye])

    def start(self) -> Any:
        vector = []
        for top in self.tops:
            slope = [] if self.kind in ("rasch", "pcm") else [1.0]
            vector += slope + list(np.linspace(0.5, -0.5, top) if top > 1 else [0.0])
        return np.array(vector + ([0.0] if self.kind in ("rasch", "pcm") else []))

    def maximum(self) -> Any:
        found = minimize(
            lambda v: -self.loglik(v) / len(self.scores),
            self.start(),
            jac=lambda v: -self.gradient(v) / len(self.scores),
            method="BFGS",
            options={"gtol": 1e-9, "maxiter": 500},
        )
        return found.x



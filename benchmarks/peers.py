"""What other programs make of our tests' data: the figures in ``tests/fixtures/peers.json``, made anew.

    python benchmarks/peers.py > tests/fixtures/peers.json     # half a minute; needs, from PyPI:
    #   mirt PyMARE pingouin statsmodels scikit-learn

Nothing of bdhvs is imported but the tests' data, so the two sides share no formula. `tests/measurement/test_peers.py` holds ours
against these, with the tolerances argued there. The programs are research tools with dependencies of their own; that is why their
figures are kept and not computed in the tests.
"""

from __future__ import annotations

import json
import platform
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.measurement.classical_data import (
    EASY_TO_HARD,
    counted,
    right_or_wrong,
    several_scores,
    steps_with_gaps,
    with_planned_gaps,
)
from tests.measurement.published import BCG, PAIRS, SHROUT_FLEISS, TWICE_MEASURED

POINTS, PRECISION = 61, 1e-12
EVERY = 23  # person whose ability is kept


def ones_and_zeros() -> Any:
    return right_or_wrong(80, EASY_TO_HARD, seed=1)


def coded(table: Any) -> Any:
    """Whole numbers, −1 for not shown."""
    return np.where(np.isnan(table), -1, table).astype(int)


def by_mirt() -> dict[str, Any]:
    import mirt

    lsat, steps = coded(with_planned_gaps(counted("lsat7.csv"))), coded(steps_with_gaps())
    equal = [("discrimination", list(range(6)))]
    found = {}
    for name, data, model, more in (
        ("2pl", lsat, "2PL", {}),
        ("rasch", lsat, "2PL", {"constraints": [("discrimination", list(range(5)))]}),
        ("gpcm", steps, "GPCM", {}),
        ("pcm", steps, "GPCM", {"constraints": equal}),
        ("grm", steps, "GRM", {}),
    ):
        fit = mirt.fit_mirt(data, model=model, n_quadpts=POINTS, tol=PRECISION, max_iter=20_000, **more)
        numbers = {key: np.asarray(one).tolist() for key, one in fit.model.parameters.items()}
        found[name] = {"log_likelihood": fit.log_likelihood, **numbers, "abilities": {}}
        if not more:
            for method in ("EAP", "MAP", "ML", "WLE"):
                score = mirt.fscores(fit, data[::EVERY], method=method, n_quadpts=POINTS, bounds=(-8.0, 8.0))
                found[name]["abilities"][method] = [
                    np.ravel(score.theta).tolist(),
                    np.ravel(score.standard_error).tolist(),
                ]
    classical = mirt.traditional(ones_and_zeros())
    found["classical"] = {
        "alpha": classical.alpha,
        "item_rest": classical.discrimination.tolist(),
        "alpha_without_each": classical.alpha_if_deleted.tolist(),
    }
    rci = mirt.RCI(*(np.array(one) for one in TWICE_MEASURED), method="iverson")  # both measurements' errors, as ours
    found["reliable_change"] = {"index": np.ravel(rci.rci).tolist()}
    return found


def by_statsmodels() -> dict[str, Any]:
    import statsmodels.api as sm
    from statsmodels.multivariate.factor import Factor

    loadings = {
        name: np.ravel(Factor(table, n_factor=1, method="ml").fit(maxiter=10_000, opt={"gtol": 1e-7}).loadings).tolist()
        for name, table in (("ones and zeros", ones_and_zeros()), ("several scores", several_scores(60, 6, seed=2)))
    }
    change = np.subtract(*PAIRS[::-1])
    classes = np.repeat([0, 1, 2, 3], 3)
    clustered = sm.OLS(change, np.ones(12)).fit(cov_type="cluster", cov_kwds={"groups": classes})
    return {"loadings": loadings, "error of four classes": float(clustered.bse[0])}


def by_sklearn() -> dict[str, Any]:
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import log_loss

    table, focal = ones_and_zeros(), np.arange(80) % 2
    total = table.sum(axis=1)
    found = {}
    for item in (1, 4):
        designs = [
            np.column_stack([total]),
            np.column_stack([total, focal]),
            np.column_stack([total, focal, total * focal]),
        ]
        fits = [LogisticRegression(C=np.inf, tol=1e-12, max_iter=100_000).fit(one, table[:, item]) for one in designs]
        heights = [
            -log_loss(table[:, item], fit.predict_proba(one), normalize=False)
            for fit, one in zip(fits, designs, strict=True)
        ]
        found[str(item)] = {
            "uniform": 2 * (heights[1] - heights[0]),
            "nonuniform": 2 * (heights[2] - heights[1]),
            "log_odds": float(fits[1].coef_[0, 1]),
        }
    return found


def by_pymare() -> dict[str, Any]:
    from pymare import Dataset
    from pymare.estimators import VarianceBasedLikelihoodEstimator

    a, b, c, d = np.array(BCG, float)[:, :4].T
    y, v = np.log(a / (a + b) / (c / (c + d))), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)
    found = {}
    for name, column in (("mean", None), ("latitude", np.array(BCG, float)[:, [4]])):
        data = Dataset(y=y, v=v, X=column, add_intercept=True)
        fit = VarianceBasedLikelihoodEstimator(method="REML").fit_dataset(data).summary()
        fixed = fit.get_fe_stats()
        found[name] = {
            "coefficients": np.ravel(fixed["est"]).tolist(),  # its errors are Knapp and Hartung's, which ours are not
            "between": float(np.ravel(fit.tau2)[0]),
        }
    return found


def by_pingouin() -> dict[str, Any]:
    import pandas
    import pingouin

    long = pandas.DataFrame(
        [(target, judge, score) for target, row in enumerate(SHROUT_FLEISS) for judge, score in enumerate(row)],
        columns=["target", "judge", "score"],
    )
    table = pingouin.intraclass_corr(long, targets="target", raters="judge", ratings="score")
    before, after = PAIRS
    return {
        "intraclass": dict(zip(table["Type"].tolist(), table["ICC"].tolist(), strict=True)),
        "effect": float(pingouin.compute_effsize(after, before, paired=True, eftype="cohen")),
    }


def main() -> None:
    programs = ["mirt", "PyMARE", "pingouin", "statsmodels", "scikit-learn", "numpy"]
    made = {
        "programs": {name: version(name) for name in programs} | {"Python": platform.python_version()},
        "settings": f"{POINTS} quadrature points, tolerance {PRECISION}",
        "mirt": by_mirt(),
        "pymare": by_pymare(),
        "pingouin": by_pingouin(),
        "statsmodels": by_statsmodels(),
        "sklearn": by_sklearn(),
    }
    print(json.dumps(made, indent=1))


if __name__ == "__main__":
    main()

"""Haberman's question asked of the answers themselves: do domain scores say more than the total does?

`domain_worth` asks it of a calibrated model, before anybody answered; here nothing but scores is needed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from bdhvs.measurement.domain_worth import Worth, reductions
from bdhvs.measurement.reliability import alpha, complete_rows
from bdhvs.measurement.responses import Responses


def subscore_worth(scores: ArrayLike | Responses, domains: Sequence[str]) -> tuple[Worth, ...]:
    """What each domain's sum score is worth beside the total, domains in the order they first occur.

    Parameters
    ----------
    scores : persons × items; NaN for missing, whose persons are left out.
    domains : domain of each item.

    Returns
    -------
    One `Worth` each; NaN figures (verdict ``nothing_new``) for a domain of one item, or one whose alpha is not above 0.

    Raises
    ------
    ValueError
        when there is not one domain for each item.

    Notes
    -----
    Haberman (2008), Journal of Educational and Behavioral Statistics 33, 204–229, with alpha as each domain's reliability: true
    scores vary by α·Var(s), and vary together as observed ones do, for errors of different items are independent. Where alpha is so low
    that a share would exceed 1, it is given as 1: the total tells all of what alpha believes there is.
    """
    table, _ = complete_rows(scores)
    if len(domains) != table.shape[1]:
        raise ValueError(f"found {len(domains)} domains for {table.shape[1]} items, expected one each")
    names = list(dict.fromkeys(domains))
    places = [np.flatnonzero([one == name for one in domains]) for name in names]
    nothing = float("nan")
    if len(table) < 3:
        return tuple(Worth(name, len(own), nothing, nothing, nothing) for name, own in zip(names, places, strict=True))
    values = np.array([alpha(table[:, own]).value for own in places])
    usable = np.flatnonzero(values > 0)
    found = [Worth(name, len(own), nothing, nothing, nothing) for name, own in zip(names, places, strict=True)]
    if not len(usable):
        return tuple(found)
    sums = np.stack([table[:, own].sum(axis=1) for own in places], axis=1)
    true = np.atleast_2d(np.cov(sums, rowvar=False))
    observed = np.diag(true).copy()
    np.fill_diagonal(true, np.where(values > 0, values, 0) * observed)
    error = observed - np.diag(true)
    shares = reductions(true, np.where(np.isfinite(error), error, observed))
    for at in usable:
        found[at] = Worth(names[at], len(places[at]), *(min(float(share[at]), 1.0) for share in shares))
    return tuple(found)

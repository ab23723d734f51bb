"""Rules that cannot be kept are refused before a learner meets them, with what would help."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

pytest.importorskip("numpy")
import numpy as np

from bdhvs.measurement.adaptive.feasible import longest, lowest_cap, objections
from bdhvs.measurement.adaptive.form import AdaptiveForm
from bdhvs.measurement.adaptive.pool import Pool
from bdhvs.measurement.adaptive.rules import Rules
from bdhvs.measurement.calibrated import CalibratedItems
from tests.measurement.adaptive.pools import SHARES, form_of, pool_of


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"minimum": 9, "maximum": 8}, "minimum 9 and maximum 8"),
        ({"domain_shares": {"1": 0.5, "2": 0.4}}, "add up to 0.9"),
        ({"domain_shares": {"1": 1.0, "2": 0.0}}, "not above 0"),
        ({"simulators_required": 9}, "9 simulators required"),
        ({"simulators_required": 2, "simulators_at_most": 1}, "at most 1 simulators where 2 are required"),
        ({"exposure_cap": 0.0}, "exposure cap 0.0"),
        ({"cuts": (1.0, 1.0)}, "expected them to rise"),
        ({"cuts": (7.0,)}, "between −6 and 6"),
        ({"cuts": (float("nan"),)}, "infinite or none"),
        ({"certainty": 0.5}, "certainty 0.5"),
        ({"first_success": 0.4}, "0 ≤ later ≤ first ≤ 1"),
        ({"warm_up": ("0",)}, "found 0 to warm up with"),
        ({"warm_up": ("1",), "domain_shares": {"1": 1.0}}, "domains without a share beside domains with one"),
        ({"kind_items": -1}, "kind start of -1"),
        ({"caution": -0.1}, "caution -0.1"),
        ({"prior_sd": 0.0}, "sd 0.0"),
    ],
)
def test_rules_out_of_range_say_what_was_found_and_expected(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Rules(**given)


def test_all_mistakes_are_told_at_once_and_rules_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValueError, match=r"certainty 2.*caution -1"):
        Rules(certainty=2, caution=-1)
    with pytest.raises(TypeError):
        Rules(domain_shares={"1": 1.0}).domain_shares["1"] = 0.5  # type: ignore[index]


def test_a_pool_too_small_for_its_cap_is_refused_domain_by_domain() -> None:
    with pytest.raises(
        ValueError, match=r"domain 1: found 5 items, of which a learner may meet 1 .*, expected 3 for tests of 20"
    ):
        form_of(pool_of(40))
    assert objections(Rules(domain_shares=SHARES, maximum=8), pool_of(40)) == []
    assert longest(Rules(domain_shares=SHARES), pool_of(40)) == 8
    assert longest(Rules(), pool_of(40)) == 8  # five items a domain are one each, ten are two
    assert longest(Rules(exposure_cap=1.0), pool_of(40)) == 40


@pytest.mark.parametrize("count", [40, 60, 110])
def test_the_lowest_cap_is_the_first_that_is_not_refused(count: int) -> None:
    rules, pool = Rules(domain_shares=SHARES), pool_of(count)
    lowest = lowest_cap(rules, pool)
    assert lowest is not None
    assert objections(replace(rules, exposure_cap=lowest), pool) == []
    below = objections(replace(rules, exposure_cap=lowest - 0.01), pool)
    assert below[-1] == f"the lowest exposure cap under which this pool can keep the other rules is {lowest:g}"


def test_where_no_cap_would_do_none_is_named() -> None:
    assert lowest_cap(Rules(domain_shares=SHARES), pool_of(16)) is None
    assert not any("lowest" in one for one in objections(Rules(domain_shares=SHARES), pool_of(16)))


def test_domains_and_simulators_that_are_not_there_are_named() -> None:
    pool = pool_of(240)
    assert "domain 9: found 0 items" in " ".join(objections(Rules(domain_shares={"1": 0.5, "9": 0.5}), pool))
    assert "found 0 simulators" in objections(Rules(simulators_required=1), pool)[0]


def test_of_enemies_only_one_counts() -> None:
    items = CalibratedItems.dichotomous(1.0, np.zeros(4), ["a", "b", "c", "d"])
    pool = Pool(items, ("1",) * 4, enemies=(frozenset("abc"),))
    assert longest(Rules(exposure_cap=1.0), pool) == 2
    with pytest.raises(ValueError, match="may meet 2"):
        AdaptiveForm(Rules(minimum=1, maximum=3, exposure_cap=1.0), pool)


def test_pools_that_do_not_fit_together_are_refused() -> None:
    items = CalibratedItems.dichotomous(1.0, [0.0, 1.0], ["a", "b"])
    with pytest.raises(ValueError, match="1 domains for 2 items"):
        Pool(items, ("1",))
    with pytest.raises(ValueError, match="no items of the pool: z"):
        Pool(items, ("1", "1"), enemies=(frozenset({"a", "z"}),))
    with pytest.raises(ValueError, match="3 simulators for 2 items"):
        Pool(items, ("1", "1"), simulators=(True, False, True))
    with pytest.raises(ValueError, match="slope is not above 0: b"):
        Pool(CalibratedItems.dichotomous([1.0, 0.0], [0.0, 1.0], ["a", "b"]), ("1", "1"))

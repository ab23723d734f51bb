"""Forms put together by integer programming, held against trying every choice of small pools."""

from __future__ import annotations

from itertools import combinations

import pytest

pytest.importorskip("numpy")
pytest.importorskip("scipy")

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bdhvs.measurement.assembly import Likeness, Plan, Sum, Unmet, assemble
from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.form_worth import reliability, standard_errors
from bdhvs.measurement.grids import Normal

ITEMS = 7


def keeps(plan: Plan, form: tuple[int, ...]) -> bool:
    """Whether these items keep all that is asked of one form."""
    places = list(form)
    sums = all(one.least <= one.each[places].sum() <= one.most for one in plan.sums)
    return sums and not any(len(set(group.tolist()) & set(places)) > 1 for group in plan.enemies)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """One form of a pool of seven, with a number of items, a count of some of them, a load and two enemies."""
    count = draw(st.integers(1, 5))
    some = np.array(draw(st.lists(st.booleans(), min_size=ITEMS, max_size=ITEMS)), dtype=float)
    load = np.array(draw(st.lists(st.integers(1, 5), min_size=ITEMS, max_size=ITEMS)), dtype=float)
    wanted = draw(st.integers(0, 4))
    sums = [
        Sum("all", np.ones(ITEMS), count, count),
        Sum("some", some, wanted, wanted + 1),
        Sum("load", load, 0, draw(st.integers(3, 14))),
    ]
    return Plan(ITEMS, 1, sums, enemies=[np.array([0, 1])])


@settings(max_examples=30, deadline=None)
@given(plans(), st.integers(0, 3))
def test_a_form_is_found_exactly_when_some_choice_of_items_keeps_all_rules(plan: Plan, seed: int) -> None:
    possible = {form for size in range(ITEMS + 1) for form in combinations(range(ITEMS), size) if keeps(plan, form)}
    if not possible:
        with pytest.raises(Unmet) as unmet:
            assemble(plan, seed)
        assert unmet.value.shortfalls
    else:
        (form,) = assemble(plan, seed)
        assert tuple(form.tolist()) in possible


def test_parallel_forms_have_the_same_cells_no_common_item_and_nearly_the_same_sums() -> None:
    rng = np.random.default_rng(1)
    cells, load = np.repeat(np.arange(6), 5), rng.uniform(1, 3, 30)
    plan = Plan(30, 2, [Sum("all", np.ones(30), 8, 8)], [Likeness("load", load, 0.02)], cells, [np.array([0, 6])])
    first, second = assemble(plan, 3)
    assert set(first.tolist()) & set(second.tolist()) == set()
    assert np.bincount(cells[first], minlength=6).tolist() == np.bincount(cells[second], minlength=6).tolist()
    both = load[first].sum() + load[second].sum()
    assert abs(load[first].sum() - load[second].sum()) <= 0.02 * both + 1e-9
    assert len({0, 6} & {*first.tolist(), *second.tolist()}) <= 1


def test_what_has_to_give_is_named_with_the_form_and_how_far() -> None:
    rare = np.array([1.0, 0, 0, 0, 0, 0])
    plan = Plan(6, 2, [Sum("all", np.ones(6), 2, 2), Sum("the rare ones", rare, 1, 2)])
    with pytest.raises(Unmet) as unmet:
        assemble(plan, 0)
    (gave,) = unmet.value.shortfalls
    assert (gave.name, gave.by) == ("the rare ones", pytest.approx(1))
    assert gave.form in (0, 1)


def test_the_worth_of_items_at_somebody_s_own_ability_is_a_quarter_each() -> None:
    items = CalibratedItems.dichotomous(1.0, [0.5] * 16)
    (error,) = standard_errors(items, [0.5], Normal(0.0, 1.0)).tolist()
    assert error == pytest.approx((16 / 4 + 1) ** -0.5)
    assert standard_errors(items, [30.0], Normal(0.0, 1.0))[0] == pytest.approx(
        1.0
    )  # nothing learnt: all that is left is σ
    assert 0 < reliability(items, Normal(0.0, 1.0)) < 1 - error**2 + 1e-12  # nowhere better than at 0.5

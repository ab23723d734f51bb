"""Tables of options: counts by hand, correlations against numpy, and what is said of them."""

from __future__ import annotations

from itertools import pairwise

import pytest

pytest.importorskip("numpy")
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bdhvs.measurement.cautions import codes
from bdhvs.measurement.distractors import option_table, score_groups

# 40 persons by rising ability: the weak take b and c, the able d; a is the key, e nobody's
CHOSEN = ["b", "c"] * 9 + ["a"] * 8 + ["d"] * 13 + [None]
LEVEL = np.arange(40.0)


def test_counts_groups_and_correlations() -> None:
    table = option_table(CHOSEN, "a", LEVEL, options="abcde", groups=3)
    assert (table.answered, table.silent) == (39, 1)
    np.testing.assert_array_equal(table.group_sizes, [13, 13, 13])
    a, b, _, d, e = table.options
    assert (a.count, a.share, a.is_key) == (8, 8 / 39, True)
    np.testing.assert_array_equal(b.by_group, [7, 2, 0])
    np.testing.assert_array_equal(d.by_group, [0, 0, 13])
    chosen = np.array([one == "b" for one in CHOSEN[:39]], dtype=float)
    assert b.point_biserial == pytest.approx(np.corrcoef(chosen, LEVEL[:39])[0, 1])
    assert b.criterion == pytest.approx(LEVEL[[i for i, one in enumerate(CHOSEN) if one == "b"]].mean())
    assert np.isnan(e.point_biserial)
    assert (e.count, e.share) == (0, 0)


def test_what_is_wrong_with_the_options_is_said() -> None:
    table = option_table(CHOSEN, "a", LEVEL, options="abcde")
    said = {one.name: codes(one.cautions) for one in table.options}
    assert said["d"] == ("able_choose_wrong", "wrong_beats_key")
    assert said["e"] == ("nobody_chooses",)
    assert "wrong_beats_key" in said["b"]
    miskeyed = option_table(CHOSEN, "b", LEVEL, options="abcde")
    assert codes(miskeyed.options[1].cautions) == ("able_miss_key",)


def test_an_option_taken_by_a_few_is_named_with_its_share() -> None:
    table = option_table(["a"] * 39 + ["b"], "a", LEVEL)
    caution = table.options[1].cautions[0]
    assert (caution.code, caution.numbers["share"]) == ("few_choose", pytest.approx(1 / 40))


def test_with_few_persons_only_counts_are_given() -> None:
    table = option_table(["a", "b", "b"], {"a"}, [3, 2, 1], options=["a", "b", "c"])
    assert codes(table.cautions) == ("too_few_persons",)
    assert [codes(one.cautions) for one in table.options] == [(), (), ("nobody_chooses",)]
    nobody = option_table([None, ""], "a", [1, 2])
    assert nobody.answered == 0
    assert np.isnan(nobody.options[0].share)


@given(
    st.lists(st.tuples(st.sampled_from(["a", "b", "c", None]), st.integers(0, 5)), min_size=1, max_size=40),
    st.integers(2, 5),
)
def test_options_and_groups_add_up(persons, groups) -> None:  # type: ignore[no-untyped-def]
    table = option_table(
        [one for one, _ in persons], "a", [level for _, level in persons], options="abc", groups=groups
    )
    assert sum(one.count for one in table.options) == table.answered == len(persons) - table.silent
    np.testing.assert_array_equal(sum(one.by_group for one in table.options), table.group_sizes)


@given(st.lists(st.one_of(st.integers(0, 9).map(float), st.just(np.nan)), min_size=1, max_size=50), st.integers(2, 6))
def test_equal_numbers_are_in_one_group_and_groups_rise(levels, groups) -> None:  # type: ignore[no-untyped-def]
    found = score_groups(levels, groups)
    pairs = sorted((level, group) for level, group in zip(levels, found.tolist(), strict=True) if level == level)
    assert all(one[1] <= other[1] and (one[0] != other[0] or one[1] == other[1]) for one, other in pairwise(pairs))
    assert all(
        (group == -1) == (level != level) and group < groups
        for level, group in zip(levels, found.tolist(), strict=True)
    )


@pytest.mark.parametrize(
    ("chosen", "key", "level", "said"),
    [
        (["z"], "a", [1], "found the option 'z'"),
        (["a"], "a", [1, 2], "one number for each"),
        (["a"], "q", [1], "found the option 'q'"),
    ],
)
def test_what_does_not_fit_is_refused(chosen, key, level, said) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=said):
        option_table(chosen, key, level, options="ab")


def test_one_group_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        option_table(["a"], "a", [1], groups=1)

"""Responses as cells: dense and long tables give the same, and what is wrong is said with its place."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy")
import numpy as np

from bdhvs.measurement.responses import Cells, Responses

SCORES = np.array([[0, 2, np.nan], [1, np.nan, 1], [np.nan, 0, 0], [1, 1, 1]])


def test_dense_and_long_tables_have_the_same_cells() -> None:
    pytest.importorskip("scipy")
    dense = Responses.dense(SCORES)
    person, item = np.nonzero(~np.isnan(SCORES))
    long = Responses.from_long(person, item, SCORES[person, item].astype(int))
    assert dense.shape == long.shape == (4, 3)
    assert (dense.is_sparse, long.is_sparse) == (False, True)
    np.testing.assert_array_equal(dense.cells.maximum, [1, 2, 1])
    np.testing.assert_array_equal(dense.block(slice(0, 4), float), long.block(slice(0, 4), float).toarray())
    np.testing.assert_array_equal(dense.counts(), [1, 2, 1, 1, 1, 1, 2])
    np.testing.assert_array_equal(long.counts(np.array([1.0, 2, 3, 4])), [1, 6, 3, 4, 1, 3, 6])


def test_integers_say_not_shown_by_minus_one() -> None:
    whole = np.where(np.isnan(SCORES), -1, SCORES).astype(np.int8)
    np.testing.assert_array_equal(Responses.dense(whole).counts(), Responses.dense(SCORES).counts())


def test_cells_are_in_the_order_of_items_and_scores() -> None:
    cells = Cells.of([1, 2])
    np.testing.assert_array_equal(cells.item, [0, 0, 1, 1, 1])
    np.testing.assert_array_equal(cells.score, [0, 1, 0, 1, 2])


@pytest.mark.parametrize(
    ("scores", "said"),
    [([[0, 0.5]], "person 0, item 1: found"), ([[0], [-3]], "person 1, item 0"), ([1, 0], "expected persons × items"), ([[25]], "0 to 20")],
)
def test_what_is_no_table_of_scores_is_refused(scores: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Responses.dense(scores)


def test_an_item_answered_twice_is_refused() -> None:
    pytest.importorskip("scipy")
    with pytest.raises(ValueError, match="answered already"):
        Responses.from_long([0, 0], [1, 1], [0, 1])

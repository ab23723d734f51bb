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


def test_a_long_table_in_any_order_and_type_is_the_same_table() -> None:
    rng = np.random.default_rng(1)
    table = np.where(rng.random((260, 30)) < 0.3, rng.integers(0, 3, (260, 30)), -1)
    table[7] = -1  # somebody without any answer
    person, item = np.nonzero(table >= 0)
    order = rng.permutation(len(person))
    wanted = Responses.from_long(person, item, table[person, item], items=30)
    small = Responses.from_long(
        person[order].astype(np.int32), item[order].astype(np.uint8), table[person, item][order].astype(np.int8), items=30
    )
    every = slice(0, 260)
    assert (small.block(every, float).toarray() == wanted.block(every, float).toarray()).all()
    assert wanted.shape == (260, 30)
    rows = np.array([259, 7, 3, 3])
    assert (wanted.take(rows).block(slice(0, 4), float).toarray() == wanted.block(every, float).toarray()[rows]).all()
    assert (wanted.counts(np.full(260, 0.1)) == pytest.approx(0.1 * wanted.counts()))


@pytest.mark.parametrize(
    ("item", "score", "items", "said"),
    [([0, 5], [1, 1], 5, "found item 5, expected numbers from 0 to 4"), ([0, 1], [0.5, 1.0], 2, "found score of type float64")],
)
def test_a_long_table_that_is_none_is_refused(item: list[int], score: list[float], items: int, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Responses.from_long([0, 1], item, score, items=items)

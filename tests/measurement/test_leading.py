"""A search led by a sample ends where the plain one does, and where it cannot lead, the plain one takes over."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("numpy")
import numpy as np

from bdhvs.measurement import leading
from bdhvs.measurement.calibration import IRTModel
from bdhvs.measurement.responses import Responses


def answers(persons: int, items: int, seed: int, top: int = 1) -> Any:
    rng = np.random.default_rng(seed)
    theta = rng.normal(size=(persons, 1)) + 0.5 * (np.arange(persons) % 2)[:, None]
    slope, difficulty = rng.uniform(0.7, 1.8, items), rng.normal(size=items)
    found = np.zeros((persons, items))
    for step in range(top):
        found += rng.random((persons, items)) < 1 / (1 + np.exp(-slope * (theta - difficulty - 0.6 * step)))
    found[rng.random(found.shape) < 0.3] = np.nan
    return found


@pytest.mark.parametrize("kind", ["rasch", "2pl", "gpcm", "grm"])
def test_it_ends_where_the_plain_search_ends(monkeypatch: pytest.MonkeyPatch, kind: Any) -> None:
    top = 2 if kind in ("gpcm", "grm") else 1
    data, groups = answers(6000, 12, 3, top), np.arange(6000) % 2
    plain = IRTModel(kind, errors=False, tolerance=1e-8).fit(data, groups)
    monkeypatch.setattr(leading, "LEAST_PERSONS", 1000)
    monkeypatch.setattr(leading, "SAMPLE", 1500)
    led = IRTModel(kind, errors=False, tolerance=1e-8).fit(data, groups)
    assert led.converged_
    assert plain.converged_
    assert led.n_iter_ <= plain.n_iter_
    np.testing.assert_allclose(led.parameters_, plain.parameters_, atol=1e-6)
    np.testing.assert_allclose(led.group_distributions_[1].mean, plain.group_distributions_[1].mean, atol=1e-6)
    assert led.loglik_ == pytest.approx(plain.loglik_, abs=1e-6)


def test_a_sample_that_misleads_costs_steps_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    data = answers(4000, 8, 4)
    plain = IRTModel("2pl", errors=False, tolerance=1e-8).fit(data)
    monkeypatch.setattr(leading, "LEAST_PERSONS", 1000)
    monkeypatch.setattr(leading, "SAMPLE", 40)
    monkeypatch.setattr(leading, "SAMPLE_SHARE", 0.01)
    misled = IRTModel("2pl", errors=False, tolerance=1e-8).fit(data)
    assert misled.converged_
    np.testing.assert_allclose(misled.parameters_, plain.parameters_, atol=1e-6)


def test_too_few_steps_are_still_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leading, "LEAST_PERSONS", 1000)
    monkeypatch.setattr(leading, "SAMPLE", 500)
    model = IRTModel("2pl", errors=False, tolerance=1e-12, most_steps=2)
    with pytest.warns(UserWarning, match="found no end after 2 steps"):
        model.fit(answers(4000, 8, 5))
    assert not model.converged_
    assert model.n_iter_ == 2


def test_a_form_and_its_persons_in_any_order_of_gaps_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks whose persons all saw the same items are worked on another way."""
    rng = np.random.default_rng(6)
    data = answers(6000, 10, 6)
    data = np.where(np.isnan(data), 0.0, data)
    data[:3000, 8:] = np.nan  # one booklet, then another
    data[3000:, :3] = np.nan
    order = rng.permutation(6000)  # so that no block is of one booklet
    one = IRTModel("2pl", tolerance=1e-9).fit(data)
    other = IRTModel("2pl", tolerance=1e-9).fit(data[order])
    np.testing.assert_allclose(one.parameters_, other.parameters_, atol=1e-8)
    np.testing.assert_allclose(one.se_.difficulty, other.se_.difficulty, rtol=1e-6)
    assert one.loglik_ == pytest.approx(other.loglik_, rel=1e-12)
    np.testing.assert_allclose(one.ability(data)[0][order], one.ability(data[order])[0], atol=1e-9)


@pytest.mark.parametrize("sparse", [False, True])
def test_what_hangs_together_only_by_a_long_chain_is_one_set(sparse: bool) -> None:
    from bdhvs.measurement.flags import joined_sets, linked_sets

    items, persons = 40, 39
    person = np.repeat(np.arange(persons), 2)
    item = person + np.tile([0, 1], persons)
    score = np.zeros(len(person), dtype=int)
    kept = person != 20  # the chain breaks between items 20 and 21
    for keep, expected in ((np.ones(len(person), bool), {0}), (kept, {0, 21})):
        table = np.full((persons, items), -1)
        table[person[keep], item[keep]] = 0
        whole = Responses.from_long(person[keep], item[keep], score[keep], items=items) if sparse else Responses.dense(table)
        assert set(linked_sets(whole, rows=7).tolist()) == expected
        parts = [whole.take(np.arange(begin, min(begin + 10, persons))) for begin in range(0, persons, 10)]
        assert (joined_sets([linked_sets(one) for one in parts]) == linked_sets(whole)).all()

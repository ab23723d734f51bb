"""The shipped blueprints: what they draw keeps every rule, for any seed, and says which cell lacks items where none can."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from math import ceil, floor
from types import MappingProxyType

import pytest

pytest.importorskip("numpy")
pytest.importorskip("scipy")

from bdhvs.bank.checks.drawn import broken, minutes_in, pool_of
from bdhvs.bank.loader import Bank
from bdhvs.core.adaptive import domain_of
from bdhvs.core.blueprint import Blueprint, cell_of, enemies_in
from bdhvs.errors import SetupError
from bdhvs.service.drawing import ALIKE, draw, gap

BANK = Bank.load()
SEEDS = (1, 2)  # benchmarks/forms.py takes fifty
PUPILS = ("xep-lop-tieu-hoc", "xep-lop-thcs", "xep-lop-thpt")
PLACEMENTS = (*PUPILS, "xep-lop-can-bo", "xep-lop-nguoi-lon", "xep-lop-nguoi-cao-tuoi", "xep-lop-nguoi-lao-dong")


def test_there_is_what_a_programme_needs() -> None:
    purposes = Counter(form.purpose for form in BANK.forms.values() if form.purpose)
    assert {one.id for one in BANK.forms.values() if one.purpose == "placement"} == set(PLACEMENTS)
    assert purposes["before_after"] == 4
    assert purposes["profile"] == 1
    assert not any(form.listed for form in BANK.forms.values() if form.purpose)  # a class's home page stays as it was
    covered = {BANK.item(one).competence for one in BANK.form("ho-so-nang-luc").items}
    assert covered == {code for code in BANK.framework.competences if not code.startswith("0.")}


@pytest.mark.parametrize("blueprint", BANK.blueprints.values(), ids=lambda one: one.id)
def test_whatever_the_seed_a_draw_keeps_every_rule(blueprint: Blueprint) -> None:
    for seed in SEEDS:
        ids = draw(blueprint, BANK, seed)
        assert ids == draw(blueprint, BANK, seed)
        forms = {
            form: BANK.form(form).model_copy(update={"items": items})
            for form, items in zip(blueprint.forms, ids, strict=True)
        }
        assert list(broken(blueprint, replace(BANK, forms=MappingProxyType({**BANK.forms, **forms})))) == []
        for form in ids:
            items = tuple(BANK.item(one) for one in form)
            assert len(set(form)) == blueprint.items
            domains = Counter(domain_of(item.competence) for item in items)
            levels = Counter(str(item.level) for item in items)
            for share, found in [(share, domains[code]) for code, share in blueprint.shares.items()] + [
                (share, levels[level]) for level, share in blueprint.levels.items()
            ]:
                assert floor(share * blueprint.items + 1e-9) <= found <= ceil(share * blueprint.items - 1e-9)
            assert sum(item.is_simulator for item in items) >= (blueprint.simulators.at_least)
            assert minutes_in(blueprint, items) <= blueprint.minutes
            assert enemies_in(form, BANK.enemies) == []


def test_every_measuring_form_has_a_simulator() -> None:
    for form in (
        one for one in BANK.forms.values() if one.purpose in ("placement", "before_after", "profile") and one.items
    ):
        assert any(BANK.item(one).is_simulator for one in form.items), form.id


def test_the_two_forms_of_before_and_after_share_no_item_and_match_cell_by_cell() -> None:
    blueprint = BANK.blueprints["do-truoc-sau"]
    first, second = ([BANK.item(one) for one in BANK.form(form).items] for form in blueprint.forms)
    assert not {one.id for one in first} & {one.id for one in second}
    assert Counter(map(cell_of, first)) == Counter(map(cell_of, second))
    apart = gap(first, second, blueprint, BANK)
    for one, other in (apart.minutes, *((one, other) for _, one, other in apart.information)):
        assert abs(one - other) <= ALIKE * (one + other) + 1e-9


def test_nothing_that_another_form_explains_is_measured_before_and_after() -> None:
    explained = {item for form in BANK.forms.values() if form.explains for item in form.items}
    assert len(explained) > 200
    assert not explained & {item for form in ("do-a", "do-b") for item in BANK.form(form).items}


def test_seeds_draw_different_forms_and_parallel_ones_in_one_order_of_cells() -> None:
    blueprint = BANK.blueprints["xep-lop-nguoi-lon"]
    assert draw(blueprint, BANK, 1) != draw(blueprint, BANK, 2)
    first, second = draw(BANK.blueprints["do-truoc-sau"], BANK, 1)
    assert [cell_of(BANK.item(one)) for one in first] == [cell_of(BANK.item(one)) for one in second]


def test_a_blueprint_that_the_bank_cannot_serve_says_which_cell_lacks_items() -> None:
    blueprint = BANK.blueprints["xep-lop-thcs"]
    without = {
        one.id: one
        for one in BANK.items.values()
        if not (one.competence.startswith("6") and one in pool_of(blueprint, BANK))
    }
    with pytest.raises(SetupError) as unmet:
        draw(blueprint, replace(BANK, items=MappingProxyType(without)))
    assert 'domain "6" by 1' in str(unmet.value)
    assert "write items" in str(unmet.value)
    with pytest.raises(SetupError, match="no item in its pool"):
        draw(blueprint, replace(BANK, items=MappingProxyType({})))

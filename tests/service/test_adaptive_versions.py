"""What an adaptive form chooses by: calibrated items by their estimates, the others by their level; banks real and imagined."""

from __future__ import annotations

from collections import Counter
from math import log

import pytest

pytest.importorskip("numpy")
pytest.importorskip("scipy")

from bdhvs.bank.calibration import Calibration, ItemEstimate, Sample
from bdhvs.bank.loader import Bank
from bdhvs.core.items.base import Item
from bdhvs.errors import NotFound, StoreError
from bdhvs.measurement.thresholds import RESPONSE_PROBABILITY, tag_difficulty
from bdhvs.service.adaptive_versions import engine_of, version_of, version_with
from bdhvs.service.imagined_bank import imagined_items
from bdhvs.store import AdaptiveVersionRow

FORM = "xep-lop"


def calibration(bank: Bank, *items: Item, version_ahead: int = 0) -> Calibration:
    """Items of slope 1.3 and difficulty 0.4."""
    return Calibration(
        version="2026-11-22", date="2026-11-22", program="bdhvs", bank=bank.version, kind="gpcm", family="partial_credit", nodes=61,
        sample=Sample(persons=500, answers=500, first="2026-10-01", last="2026-11-01"), loglik=-1.0, converged=True,
        items=tuple(
            ItemEstimate(
                id=one.id, version=one.version + version_ahead, slope=1.3, difficulty=0.4, persons=500,
                intercepts=tuple(-1.3 * 0.4 * k for k in range(1, one.maximum + 1)),
            )
            for one in items
        ),
    )  # fmt: skip


def test_before_calibration_the_author_s_level_is_the_difficulty(bank: Bank) -> None:
    version = version_of(bank.form(FORM), bank)
    assert version.details["calibration"] is None
    for one in version.details["items"]:
        assert one["prior"]
        assert one["slope"] == 1.0
        assert one["intercepts"] == [pytest.approx(-tag_difficulty(bank.item(one["id"]).level))]
    assert [tag_difficulty(level) for level in (0, 3, 4)] == [
        pytest.approx(-2.5),
        pytest.approx(0.5),
        pytest.approx(1.5),
    ]


def test_estimates_replace_levels_with_all_their_steps(bank: Bank) -> None:
    form = bank.form(FORM)
    assert form.adaptive is not None
    many = max(form.adaptive.pool_of(bank.items.values()), key=lambda one: one.maximum)
    single = next(one for one in form.adaptive.pool_of(bank.items.values()) if one.maximum == 1)
    version = version_with(form, bank.items.values(), calibration(bank, many, single))
    assert version.details["calibration"] == "2026-11-22"
    assert [one["id"] for one in version.details["items"] if not one["prior"]] == sorted([many.id, single.id])
    items = engine_of(version).pool.items
    for one in (many, single):
        place = items.ids.index(one.id)
        assert (items.slope[place], items.difficulty[place]) == pytest.approx((1.3, 0.4))
        assert items.cells.maximum[place] == one.maximum
    assert version.digest != version_of(form, bank).digest


def test_an_estimate_of_another_version_of_an_item_is_not_taken(bank: Bank) -> None:
    one = bank.item("cuoc-goi-xin-ma-otp")
    version = version_with(bank.form(FORM), bank.items.values(), calibration(bank, one, version_ahead=1))
    assert all(item["prior"] for item in version.details["items"])


def test_a_pool_of_calibrated_items_leaves_out_the_others(bank: Bank) -> None:
    form = bank.form(FORM)
    assert form.adaptive is not None
    only = form.adaptive.model_copy(update={"pool": form.adaptive.pool.model_copy(update={"calibrated": True})})
    chosen = form.model_copy(update={"adaptive": only})
    known = calibration(bank, bank.item("cuoc-goi-xin-ma-otp"))
    assert [one["id"] for one in version_with(chosen, bank.items.values(), known).details["items"]] == [
        "cuoc-goi-xin-ma-otp"
    ]
    with pytest.raises(ValueError, match="found a pool without items"):
        engine_of(version_with(chosen, bank.items.values()))


def test_the_order_of_the_items_is_nothing_to_a_version(bank: Bank) -> None:
    form = bank.form(FORM)
    assert version_with(form, reversed(list(bank.items.values())), enemies=reversed(bank.enemies)).digest == version_of(form, bank).digest


def test_the_shipped_cuts_are_where_the_bands_begin_by_the_levels(bank: Bank) -> None:
    """An average item of a band's first level is done with the response probability."""
    rules = bank.form(FORM).adaptive
    assert rules is not None
    beyond = log(RESPONSE_PROBABILITY / (1 - RESPONSE_PROBABILITY))
    firsts = [
        band.levels[0] for band in bank.framework.bands if band.levels[0] in rules.pool.levels and band.levels[0] > 0
    ]
    assert list(rules.cuts) == pytest.approx([tag_difficulty(level) + beyond for level in firsts], abs=0.005)


def test_an_imagined_bank_has_every_competence_and_level_alike(bank: Bank) -> None:
    items = imagined_items(318, bank.framework)
    cells = Counter((one.competence, one.level) for one in items)
    assert sum(cells[code, 0] for code in ("0.1", "0.2")) == 30
    assert {count for (_, level), count in cells.items() if level} == {2}
    assert len({one.id for one in items}) == 318
    pool = engine_of(version_with(bank.form(FORM), items)).pool
    assert {*pool.domains} == set("0123456")
    assert set(pool.levels) == {0, 1, 2, 3, 4}


def test_a_fixed_list_and_a_later_format_are_refused(bank: Bank) -> None:
    with pytest.raises(NotFound, match="is a fixed list"):
        version_of(bank.form("thu-suc"), bank)
    version = version_of(bank.form(FORM), bank)
    with pytest.raises(StoreError, match="open it with a newer bdhvs"):
        engine_of(AdaptiveVersionRow(version.digest, {**version.details, "format": 2}))

"""An adaptive form against its bank: names that do not exist, pools too small to serve it, and `bdhvs check` saying so."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from bdhvs.commands.check import check
from tests.bank.conftest import SmallBank

ADAPTIVE = """id: xep
version: 1
title: {vi: "Xếp", en: "Place"}
about: {vi: "Xếp chỗ", en: "Placement"}
mode: assessment
adaptive:
  minimum: 1
  maximum: 2
  exposure: 1.0
  shares: {"4": 1.0}
allow_back: false
author: Nhóm thử
licence: CC-BY-4.0
date: "2026-11-22"
"""


def problems_with(small_bank: SmallBank, old: str = "", new: str = "") -> list[str]:
    (small_bank.content.forms / "xep.yaml").write_text(ADAPTIVE.replace(old, new) if old else ADAPTIVE, encoding="utf-8")
    bank, problems = small_bank.read()
    assert ("xep" in bank.forms) == (problems == ())
    return [f"{one.line}: {one.message}" for one in problems]


def test_a_form_that_fits_its_bank_has_no_problems(small_bank: SmallBank) -> None:
    assert problems_with(small_bank) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('{"4": 1.0}', '{"4": 0.5, "9": 0.5}', '10: domain "9" does not exist'),
        ("  exposure: 1.0", '  exposure: 1.0\n  pool: {competences: ["4.9"]}', 'competence "4.9" does not exist'),
        ("  exposure: 1.0", "  exposure: 1.0\n  pool: {audiences: [adult]}", 'audience "adult" does not exist. Did you mean "adults"?'),
        ("  exposure: 1.0", "  exposure: 1.0\n  enemies: [[ma-otp, ten-khoaa]]", 'item "ten-khoaa" does not exist. Did you mean "ten-khoa"?'),
        ("  exposure: 1.0", '  exposure: 1.0\n  kind_start: {warm_up: ["8"]}', 'domain "8" does not exist'),
        ("  exposure: 1.0", '  exposure: 1.0\n  kind_start: {warm_up: ["6"]}', 'found no item of domain "6" in the pool'),
        ("  exposure: 1.0", '  exposure: 1.0\n  kind_start: {warm_up: ["4"]}', "expected domains without a share beside domains with one"),
        ("maximum: 2", "maximum: 30", "30; widen the pool or shorten the test"),
        ("minimum: 1", "minimum: 3", "found minimum 3 above maximum 2"),
        ("allow_back: false", "allow_back: true", "write allow_back: false"),
        ("  exposure: 1.0", "  expsure: 1.0", 'Did you mean "exposure"?'),
        ('{"4": 1.0}', "{4: 1.0}", 'put it in quotes: "4"'),
    ],
)
def test_a_mistake_is_named_with_its_line(small_bank: SmallBank, old: str, new: str, says: str) -> None:
    assert any(says in one for one in problems_with(small_bank, old, new)), problems_with(small_bank, old, new)


def test_check_says_when_the_rules_cannot_be_kept_with_the_pool(small_bank: SmallBank) -> None:
    pytest.importorskip("numpy")
    pytest.importorskip("scipy")
    assert problems_with(small_bank, "exposure: 1.0", "exposure: 0.25") == []  # by counting alone nothing is wrong
    told = CliRunner().invoke(check, [str(small_bank.content.assessments.parent)])
    assert told.exit_code == 1
    assert "under the exposure cap 0.25" in told.output
    assert "the lowest exposure cap under which this pool can keep the other rules is" in told.output
    assert "[pool]" in told.output


def test_check_without_numpy_says_that_it_did_not_look(small_bank: SmallBank, monkeypatch: pytest.MonkeyPatch) -> None:
    assert problems_with(small_bank) == []
    monkeypatch.setitem(__import__("sys").modules, "scipy", None)
    told = CliRunner().invoke(check, [str(small_bank.content.assessments.parent)])
    assert "[pool_unchecked]" in told.output
    assert 'pip install "bdhvs[measurement]"' in told.output

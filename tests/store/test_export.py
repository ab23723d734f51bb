"""Cells of the CSV: nothing that a spreadsheet would take for a formula."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdhvs.store.export import COLUMNS
from bdhvs.store.spreadsheet import spreadsheet_cell


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+84", "'+84"),
        ("-5", "'-5"),
        ("@sum", "'@sum"),
        ("\t=1", "'\t=1"),
        ("\n=1", "'\n=1"),
        ("  =1", "'  =1"),
        ("＝1+1", "'＝1+1"),
        ("mật khẩu", "mật khẩu"),
        (-5, "-5"),
        (None, ""),
        (True, "true"),
        (0, "0"),
        ("", ""),
    ],
)
def test_a_text_that_begins_like_a_formula_gets_an_apostrophe(value: object, cell: str) -> None:
    assert spreadsheet_cell(value) == cell


@given(st.text())
def test_no_text_ever_begins_like_a_formula(text: str) -> None:
    assert not spreadsheet_cell(text).lstrip().startswith(("=", "+", "-", "@"))


def test_every_column_says_what_it_holds() -> None:
    assert len(COLUMNS) == 40
    assert all(meaning and "name" not in name for name, meaning in COLUMNS.items())

"""Authors' texts without marks."""

from __future__ import annotations

import pytest

from bdhvs.bank.plain import plain_text


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Ông **nên** làm gì?", "Ông nên làm gì?"),
        ("Máy viết:\n- 12 chai\n- 8 hũ\n\nTổng bao nhiêu?", "Máy viết: 12 chai; 8 hũ; Tổng bao nhiêu?"),
        ("Một câu.\nHai câu.", "Một câu. Hai câu."),
        ("a < b & `c`", "a < b & c"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_marks_go_and_lines_stay_apart(written: str, plain: str) -> None:
    assert plain_text(written) == plain

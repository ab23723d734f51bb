"""Cuts from authors' levels alone."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy")
import numpy as np

from bdhvs.measurement.tag_cuts import cuts_from_tags
from bdhvs.measurement.thresholds import tag_difficulty


def test_cuts_rise_a_logit_a_level_and_say_what_they_stand_on() -> None:
    found = cuts_from_tags([1] * 20 + [2] * 5 + [3] * 4, range(1, 5))
    above = np.log(0.67 / 0.33)
    assert [cut.ability for cut in found.cuts[:2]] == pytest.approx([-1.5 + above, -0.5 + above])
    assert [cut.se for cut in found.cuts[:2]] == pytest.approx([np.sqrt(0.25 + 1 / 20), np.sqrt(0.25 + 1 / 5)])
    assert [cut.flags[0].code for cut in found.cuts] == ["assumed", "assumed", "too_few_items", "no_items"]
    assert [cut.is_given for cut in found.cuts] == [True, True, False, False]
    np.testing.assert_allclose(tag_difficulty(np.array([2, 3])), [-0.5, 0.5])

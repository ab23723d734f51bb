"""Why not to conclude from a share of a few persons. Needs nothing but Python."""

from __future__ import annotations

from bdhvs.measurement.cautions import Caution

LEAST_PERSONS = 15  # below, one learner moves a share by more than 6 points
WIDEST_SHARE = 0.4  # an interval of a share as wide as this holds "most" and "few" together


def share_cautions(
    persons: int, low: float, high: float, least_persons: int = LEAST_PERSONS, widest: float = WIDEST_SHARE
) -> tuple[Caution, ...]:
    """``nobody_answered``, ``too_few_persons``, ``interval_too_wide`` of a share whose interval is `low` to `high` (0–1)."""
    if not persons:
        return (Caution("nobody_answered"),)
    few = (Caution("too_few_persons", {"n": persons, "least": least_persons}),) if persons < least_persons else ()
    wide = (Caution("interval_too_wide", {"low": low, "high": high, "widest": widest}),) if high - low > widest else ()
    return few + wide

"""From what measurement computes to the bank's files of cut scores, and from a calibration's file to measurement. Needs numpy only when called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bdhvs.bank.calibration import Calibration, Family, ItemEstimate
from bdhvs.bank.cut_score_files import DIGITS, CutEntry, CutScores, Method, Panel, Remark, Status
from bdhvs.bank.loader import Bank
from bdhvs.core.items.base import Text

if TYPE_CHECKING:
    from bdhvs.measurement.calibrated import CalibratedItems
    from bdhvs.measurement.cut_scores import LevelCuts

SIMULATED_VI, SIMULATED_EN = "Tính từ người học giả lập, chỉ để xem thử.", "From simulated learners, for a trial only."
PROVISIONAL = "du-kien"  # id of the set made from authors' levels


def cut_scores_of(
    cuts: LevelCuts,
    *,
    scores_id: str,
    framework: str,
    status: Status,
    method: Method,
    date: str,
    scale: str,
    source: str,
    domain: str | None = None,
    note: Text | None = None,
    panel: Panel | None = None,
) -> CutScores:
    """Cuts as a file, rounded to what a file keeps. `CutScores.as_yaml` gives its text."""
    entries = tuple(
        CutEntry(
            level=cut.level,
            ability=round(cut.ability, DIGITS) if cut.is_given else None,
            se=round(cut.se, DIGITS) if cut.is_given else None,
            items=cut.items,
            flags=tuple(Remark(code=flag.code, message=flag.message) for flag in cut.flags),
        )
        for cut in cuts.cuts
    )
    known_sd = cuts.item_sd == cuts.item_sd
    return CutScores(
        what="cut_scores",
        format=1,
        id=scores_id,
        framework=framework,
        status=status,
        method=method,
        date=date,
        scale=scale,
        source=source,
        domain=domain,
        response_probability=cuts.response_probability if method != "angoff" else None,
        item_sd=round(cuts.item_sd, DIGITS) if known_sd else None,
        note=note,
        panel=panel,
        cuts=entries,
    )


def cut_scores_by_response(bank: Bank, calibration: Calibration, date: str, status: Status = "provisional") -> CutScores:
    """Cuts where the average item of a level is done with a probability of 0.67, by a calibration. Needs numpy.

    Parameters
    ----------
    status : "provisional" until somebody has looked at them; only cuts "in_use" name people's bands.
    """
    from bdhvs.measurement.cut_scores import level_cuts, locations

    usable = [one for one in calibration.items if one.usable and bank.items.get(one.id) and one.version == bank.items[one.id].version]
    cuts = level_cuts(
        locations(calibrated(usable, calibration.family)),
        [bank.items[one.id].level for one in usable],
        se=[one.difficulty_error for one in usable],
        wanted=[level.number for level in bank.framework.levels if level.for_items and level.band],
    )
    return cut_scores_of(
        cuts,
        scores_id=f"theo-cau-tra-loi-{calibration.version}",
        framework=bank.framework.id,
        status=status,
        method="response_probability",
        date=date,
        scale=calibration.version,
        source=f"{calibration.program}, from calibration {calibration.version} and the levels of {len(usable)} items",
        note=Text(vi=SIMULATED_VI, en=SIMULATED_EN) if calibration.sample.synthetic else None,
    )


def calibrated(estimates: Sequence[ItemEstimate], family: Family) -> CalibratedItems:
    """Estimates of a file as measurement knows them, named ``id@version``. Needs numpy."""
    from bdhvs.measurement.calibrated import CalibratedItems

    names = [f"{one.id}@{one.version}" for one in estimates]
    return CalibratedItems.of_rows(names, [(one.slope, *one.intercepts) for one in estimates], family)


def provisional_cut_scores(bank: Bank, date: str) -> CutScores:
    """Cuts of a bank nobody has answered yet, from the levels its authors gave."""
    from bdhvs.measurement.tag_cuts import cuts_from_tags

    for_items = [level.number for level in bank.framework.levels if level.for_items and level.band]
    tags = [item.level for item in bank.items.values() if item.is_performance]
    return cut_scores_of(
        cuts_from_tags(tags, for_items),
        scores_id=PROVISIONAL,
        framework=bank.framework.id,
        status="provisional",
        method="author_levels",
        date=date,
        scale="authors' levels: a level is one logit, 0 lies between levels 2 and 3",
        source="tools/provisional_cuts.py, from the levels of the items in this bank",
        note=Text(
            vi="Tạm tính từ bậc do người soạn câu hỏi ghi, chưa có câu trả lời nào của người học. Không dùng để công bố bậc của ai.",
            en="Provisional: from the levels authors gave, before any learner's answer. Not for naming anybody's level.",
        ),
    )

"""From the bank's files of cut scores to what measurement computes with, and back. Needs numpy only when called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bdhvs.bank.cut_score_files import DIGITS, CutEntry, CutScores, Method, Panel, Remark, Status
from bdhvs.bank.loader import Bank
from bdhvs.core.framework import Framework
from bdhvs.core.items.base import Text

if TYPE_CHECKING:
    from bdhvs.measurement.bands import Bands
    from bdhvs.measurement.cut_scores import LevelCuts

PROVISIONAL = "du-kien"  # id of the set made from authors' levels


def level_cuts_of(scores: CutScores) -> LevelCuts:
    """The cuts of a file as measurement knows them."""
    from bdhvs.measurement.cut_scores import Cut, Flag, LevelCuts

    nan = float("nan")
    cuts = tuple(
        Cut(
            level=one.level,
            ability=nan if one.ability is None else one.ability,
            se=nan if one.se is None else one.se,
            items=one.items,
            own=nan,
            flags=tuple(Flag(flag.code, flag.message) for flag in one.flags),
        )
        for one in scores.cuts
    )
    return LevelCuts(cuts, nan if scores.item_sd is None else scores.item_sd, scores.response_probability or nan)


def bands_of(scores: CutScores, framework: Framework) -> Bands:
    """The framework's bands with the cuts of a file; bands of levels without items (7 and 8) are left out.

    Raises ValueError when the lowest band has no cut.
    """
    from bdhvs.measurement.bands import Bands

    for_items = {level.number for level in framework.levels if level.for_items}
    wanted = {band.id: band.levels for band in framework.bands if set(band.levels) <= for_items}
    return Bands.of_levels(level_cuts_of(scores), wanted)


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

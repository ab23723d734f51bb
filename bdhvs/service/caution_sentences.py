"""Why not to conclude, in words a teacher reads: from the codes of `bdhvs.measurement.cautions` to clauses and sentences.

A clause stands after "because" or as a point of a list. Logits and correlations do not appear: who wants them reads the numbers
beside the code.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bdhvs.i18n import marked as _n
from bdhvs.i18n import translator
from bdhvs.measurement.cautions import Caution

if TYPE_CHECKING:
    from bdhvs.measurement.selection import SelectionEffect


#: code → clause. In braces: counts as they come with the code, and `percent`, `low_percent`, `high_percent` made from shares.
CLAUSES: dict[str, str] = {
    "nobody_answered": _n("nobody has answered this task"),
    "too_few_persons": _n("only {n} learners answered, and at least {least} are needed"),
    "too_few_items": _n("there are only {n} tasks, and at least {least} are needed"),
    "all_right": _n("all {n} who answered had it right, so we only know that it is easy for this class"),
    "all_wrong": _n("none of the {n} who answered had it right, so we only know that it is hard for this class"),
    "interval_too_wide": _n(
        "with so few learners the true share may lie anywhere from {low_percent} to {high_percent} in 100"
    ),
    "no_spread": _n("everybody has the same result, so nobody can be told apart"),
    "much_missing": _n("{percent} in 100 answers are missing"),
    "negative_discrimination": _n(
        "learners who do well otherwise do worse in this task; please check its key and its wording"
    ),
    "low_discrimination": _n("this task hardly tells apart who can and who cannot yet"),
    "nobody_chooses": _n("nobody chose this wrong option; it could be replaced by a mistake that people really make"),
    "few_choose": _n("hardly anybody chose this wrong option ({percent} in 100)"),
    "able_choose_wrong": _n(
        "learners who do well otherwise chose this wrong option; please check whether it may be right as well"
    ),
    "able_miss_key": _n("learners who do well otherwise do not find the right option; please check the key"),
    "wrong_beats_key": _n("{n} learners chose this wrong option and only {key} the right one"),
    "incomplete_left_out": _n("{n} learners did not do all tasks and are not counted here"),
    "negative_alpha": _n("the tasks point in different directions; one of the keys may be wrong"),
    "heywood": _n("these tasks do not measure one common thing"),
    "not_converged": _n("the computation did not come to an end"),
    "too_few_in_group": _n("the smaller group has only {n} learners, and at least {least} are needed"),
    "group_below_recommended": _n("the smaller group has {n} learners, where {least} or more would be safer"),
    "no_common_scores": _n("the two groups share no level of ability at which to compare them"),
    "one_sided": _n("in one of the groups all or none had this task right"),
    "separated": _n("in one of the groups all or none had this task right, at every level of ability"),
    "no_anchor_left": _n("too few tasks are the same for both groups ({n}, and at least {least} are needed)"),
    "purification_unsettled": _n("it is not settled which tasks are the same for both groups"),
    "dif_moderate": _n("this task is somewhat harder for one group than for the other, though both can do as much"),
    "dif_large": _n(
        "this task is much harder for one group than for the other, though both can do as much; please read it again"
    ),
    "too_few_pairs": _n("only {n} learners did it both times, and at least {least} are needed"),
    "too_few_classes": _n("there is only {n} class, and at least {least} are needed"),
    "few_classes": _n("there are only {n} classes, and classes differ"),
    "may_be_chance": _n("the change is so small, or differs so much between learners, that it may be chance"),
    "regression_to_the_mean": _n(
        "these learners were chosen because they did poorly the first time, and part of their gain comes by itself"
    ),
    "regression_to_the_mean_above": _n(
        "these learners were chosen because they did well the first time, and some of that was luck that does not come twice"
    ),
    "only_regression": _n("what is left after taking that away may be chance"),
    "lost_learners": _n(
        "{n} of {total} learners did not come the second time, and they may be different from the others"
    ),
    "few_common_items": _n("the two forms share only {n} tasks, and at least {least} are needed"),
    "items_drifted": _n("{n} of the {total} tasks of both forms became easier or harder than the others did"),
}

#: a learner's change (`bdhvs.measurement.reliable_change`) → sentence for them
VERDICTS: dict[str, str] = {
    "gained": _n("You can do clearly more than the first time."),
    "no_sure_change": _n("About the same as the first time, as far as so few tasks can tell."),
    "lost": _n("This time fewer tasks went well. That happens; practise a little and try again."),
    "unknown": _n("There is no first or second result yet to compare."),
}


def caution_clause(caution: Caution, lang: str = "vi") -> str:
    """One reason as a clause, without a full stop."""
    turned = caution.code == "regression_to_the_mean" and caution.numbers["expected"] < 0
    clause = translator(lang)(CLAUSES[caution.code + ("_above" if turned else "")])
    return clause.format(**_figures(caution))


def why_not(cautions: Iterable[Caution], lang: str = "vi") -> str:
    """ "Do not conclude …, because …" in one sentence; empty when nothing speaks against it."""
    _ = translator(lang)
    clauses = list(dict.fromkeys(caution_clause(one, lang) for one in cautions))
    return (
        _("Do not conclude anything from this, because {reasons}.").format(reasons="; ".join(clauses))
        if clauses
        else ""
    )


def selection_sentence(found: SelectionEffect, lang: str = "vi") -> str:
    """How much of a chosen group's change comes by itself, in tenths; empty where selection explains less than half a tenth."""
    _ = translator(lang)
    if not found.change * found.expected > 0:
        return ""
    tenths = min(round(10 * found.expected / found.change), 10)
    if not tenths:
        return ""
    if found.change < 0:
        said = _(
            "About {n} tenths of this loss would have come by itself: who did very well once, often does a little less well next."
        )
    else:
        said = _(
            "About {n} tenths of this gain would have come by itself: who did poorly once, often does a little better next."
        )
    return said.format(n=tenths)


def verdict_sentence(verdict: str, lang: str = "vi") -> str:
    """What a learner is told of their own change."""
    return translator(lang)(VERDICTS[verdict])


def _figures(caution: Caution) -> dict[str, str]:
    """Counts without decimals, shares in hundredths."""
    figures = {name: f"{value:.0f}" for name, value in caution.numbers.items()}
    for share, name in (("share", "percent"), ("low", "low_percent"), ("high", "high_percent")):
        if share in caution.numbers:
            figures[name] = f"{100 * caution.numbers[share]:.0f}"
    return figures

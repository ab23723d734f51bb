"""How many people to ask for how much certainty: one plan on the curve of all."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from bdhvs.analysis.pictures.style import GREY, INK, caption, finish, legend, new_axes, numbers
from bdhvs.analysis.programme_words import grouped
from bdhvs.i18n import translator
from bdhvs.programme.survey import SurveyPlan, margin_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

POINTS = 160
LEAST = 20  # people; with fewer the formulas say little


def plot_survey(plan: SurveyPlan, *, ax: Axes | None = None, lang: str = "vi") -> Axes:
    """Half the width of the interval by people answering: neighbours drawn together (thick), one by one (dashed), the plan (mark).

    `bdhvs.analysis.programme_words.plan_sentence` says the plan in words.
    """
    _ = translator(lang)
    ax = ax or new_axes()
    most = max(3.0 * LEAST, min(2.2 * plan.respondents, plan.population))
    people = [LEAST + (most - LEAST) * place / (POINTS - 1) for place in range(POINTS)]
    given = {"share": plan.share, "confidence": plan.confidence, "population": plan.population}
    together = [100 * margin_of(one, **given, effect=plan.effect) for one in people]
    alone = [100 * margin_of(one, **given) for one in people]
    ax.plot(people, together, color=INK, linewidth=2.4, label=_("neighbourhoods drawn by lot"))
    ax.plot(people, alone, color=GREY, linewidth=1.4, linestyle="--", label=_("people drawn one by one"))
    answering = min(float(plan.respondents), plan.invited * plan.response_rate)
    ax.plot([answering], [100 * plan.reached], "s", color=INK, markersize=9, label=_("this plan"))
    finish(ax, _("The more people answer, the surer the share"), _("People who answer"), _("± points of a hundred"))
    ax.set_ylim(0, max(4 * 100 * plan.margin, 200 * plan.reached))
    ax.set_xlim(0, most * 1.02)
    numbers(ax, lang, "y")
    ax.xaxis.set_major_formatter(lambda value, _place: grouped(value, lang))
    legend(ax, loc="upper right")
    adults = grouped(plan.population, lang) if isfinite(plan.population) else _("many")
    about = _(
        "{adults} adults; likeness of neighbours {icc}; {each} invited in each; {answering} of 100 invited answer."
    )
    caption(
        ax,
        about.format(
            adults=adults,
            icc=f"{plan.icc:.2f}".replace(".", "," if lang != "en" else "."),
            each=plan.per_cluster,
            answering=round(100 * plan.response_rate),
        ),
    )
    return ax

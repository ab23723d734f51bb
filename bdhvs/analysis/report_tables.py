"""Tables of the reports, as people read them: written numbers, named columns, small numbers not told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bdhvs.analysis.list_order import in_list_order
from bdhvs.analysis.matrices import item_label
from bdhvs.analysis.numbers import decimal
from bdhvs.analysis.programme import WHOLE
from bdhvs.analysis.programme_view import ProgrammeView
from bdhvs.analysis.programme_words import grouped, percent, place_name
from bdhvs.analysis.shown import Shown, table
from bdhvs.analysis.synthetic import with_mark
from bdhvs.i18n import language, translator
from bdhvs.programme.survey import SurveyPlan
from bdhvs.service.caution_sentences import caution_clause

if TYPE_CHECKING:
    import pandas as pd

WEEKS = 8
NOTHING = "–"


def commune_table(view: ProgrammeView, lang: str = "vi") -> Shown:
    """Communes by their names, the whole last: who was measured, and of them who reached the measure."""
    _ = translator(lang)
    rows = []
    for row in in_list_order(view.table.to_dict("records")):
        told = bool(row["told"])
        rows.append(
            {
                "name": place_name(str(row["name"]), lang),
                "adults": grouped(row["adults"], lang) if row["adults"] == row["adults"] and row["adults"] else "?",
                "measured": grouped(row["measured"], lang),
                "coverage": percent(row["coverage"], lang) if row["coverage"] == row["coverage"] else "?",
                "share": percent(row["share"], lang) if told else NOTHING,
                "ends": f"{percent(row['low'], lang)} – {percent(row['high'], lang)}" if told else NOTHING,
            }
        )
    headings = {
        "name": _("Place"),
        "adults": _("Adults"),
        "measured": _("Measured"),
        "coverage": _("Of the adults"),
        "share": _("Of those measured, surely {can}").format(can=view.can(lang)),
        "ends": _("Maybe from – to (95 %)"),
    }
    about = _("Commune by commune. A dash: fewer than ten people measured, so no share is told.")
    return table(rows, headings, with_mark(about, lang, view.table))


def movement_table(view: ProgrammeView, lang: str = "vi") -> Shown:
    """Helpers and households by the communes' names, the whole last, as far as they are told."""
    _ = translator(lang)
    headings = {
        "name": _("Place"),
        "facilitators": _("Learners who teach others"),
        "ambassadors": _("Digital ambassadors"),
        "helped": _("People helped"),
        "households": _("Digital families"),
        "households_reached": _("Of them with somebody who can do the five things"),
    }
    rows = []
    for row in in_list_order(view.movement.to_dict("records")):
        told = view.movement_of(row["commune"])
        counts = {name: grouped(told[name], lang) if name in told else NOTHING for name in headings if name != "name"}
        rows.append({"name": place_name(str(row["name"]), lang), **counts})
    about = _(
        "Helpers and families, commune by commune. A dash: nothing to count, or so few that it is not told; the last row adds up what is told."
    )
    return table(rows, headings, with_mark(about, lang, view.movement))


def week_table(view: ProgrammeView, commune: str, lang: str = "vi") -> Shown:
    """The last whole weeks of a commune, or of the province, the newest first."""
    _ = translator(lang)
    weeks = view.weeks if commune == WHOLE else view.weeks[view.weeks["commune"] == commune]
    numbers = ["came", "reached", "came_so_far", "reached_so_far"]
    sums = weeks.groupby("week")[numbers].sum().tail(WEEKS).iloc[::-1]
    form = "%d/%m/%Y" if language(lang) == "vi" else "%Y-%m-%d"
    rows = [
        {"week": week.strftime(form), **{name: grouped(own[name], lang) for name in numbers}}
        for week, own in sums.iterrows()
    ]
    headings = {
        "week": _("Week from"),
        "came": _("Came for the first time"),
        "reached": _("Showed for the first time that they {can}").format(can=view.can(lang)),
        "came_so_far": _("Came so far"),
        "reached_so_far": _("Showed them so far"),
    }
    return table(rows, headings, with_mark(_("The last whole weeks"), lang, view.weeks))


def item_table(report: pd.DataFrame, lang: str = "vi") -> Shown:
    """Items of `bdhvs.analysis.item_report.item_report`; first those that somebody should look at."""
    _ = translator(lang)
    order = report.assign(fine=report["cautions"].map(len) == 0).sort_values(["fine", "item_rest"], na_position="first")
    rows = [
        {
            "item": item_label(f"{row.item}@{row.item_version}"),
            "n": grouped(row.persons, lang),
            "share": f"{percent(row.share, lang)} ({percent(row.low, lang)} – {percent(row.high, lang)})",
            "rest": f"{decimal(row.item_rest, 2, lang)} ({decimal(row.rest_low, 2, lang)} – {decimal(row.rest_high, 2, lang)})",
            "look": "; ".join(caution_clause(one, lang) for one in row.cautions) or NOTHING,
        }
        for row in order.itertuples()
    ]
    headings = {
        "item": _("Item"),
        "n": _("Learners"),
        "share": _("Points of 100 (95 %)"),
        "rest": _("Goes with the other items (95 %)"),
        "look": _("To look at"),
    }
    return table(rows, headings, with_mark(_("Items, those to look at first"), lang, report))


def survey_table(plans: Mapping[str, SurveyPlan], names: Mapping[str, str], lang: str = "vi") -> Shown:
    """Code → plan of each commune: how many to invite where."""
    _ = translator(lang)
    rows = [
        {
            "name": place_name(names.get(code, code), lang),
            "adults": grouped(plan.population, lang),
            "invited": grouped(plan.invited, lang),
            "places": grouped(plan.clusters, lang),
            "answer": grouped(plan.respondents, lang),
            "reached": f"± {decimal(100 * plan.reached, 1, lang)}",
        }
        for code, plan in plans.items()
    ]
    headings = {
        "name": _("Place"),
        "adults": _("Adults"),
        "invited": _("People to invite"),
        "places": _("Neighbourhoods"),
        "answer": _("Must answer"),
        "reached": _("Points reached"),
    }
    return table(rows, headings, _("How many to invite where"))

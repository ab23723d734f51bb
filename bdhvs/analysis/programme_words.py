"""What the programme's numbers say, in sentences a commune chair reads in a minute.

Every page made of them says what share of the people was measured, that a class is not a sample, and that nothing here is the
state's confirmation.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite, isnan
from typing import Any

from bdhvs.core.places import in_english
from bdhvs.i18n import translator
from bdhvs.programme.forecast import Forecast
from bdhvs.programme.survey import SurveyPlan
from bdhvs.programme.targets import Targets


def place_name(name: str, lang: str = "vi") -> str:
    """A place by its kind and name as `lang` has it: "Xã Thọ Xuân", in English "Thọ Xuân commune"."""
    return name if lang == "vi" else in_english(name).replace("(giả lập)", "(synthetic)")


def grouped(number: float, lang: str = "vi") -> str:
    """A whole number with its thousands apart: 12.000 in Vietnamese, 12,000 in English."""
    text = f"{round(number):,}"
    return text if lang == "en" else text.replace(",", ".")


def percent(share: float, lang: str = "vi", digits: int = 0) -> str:
    """A share of 0–1 as percent: 30 %, with the language's decimal sign."""
    text = f"{100 * share:.{digits}f}"
    return (text if lang == "en" else text.replace(".", ",")) + "\N{NO-BREAK SPACE}%"


def measured_sentence(row: Mapping[str, Any], lang: str = "vi") -> str:
    """Of how many people something is known at all."""
    _ = translator(lang)
    measured = grouped(row["measured"], lang)
    if row.get("adults"):
        return _(
            "{measured} of {adults} adults have done the test: {share}. Of the others nothing is known yet."
        ).format(measured=measured, adults=grouped(row["adults"], lang), share=percent(row["coverage"], lang))
    return _("{measured} people have done the test. How many adults live here was not given.").format(measured=measured)


def share_sentence(row: Mapping[str, Any], can: str, lang: str = "vi") -> str:
    """How many of those measured showed it, with the interval; `can`: what, e.g. "have the basic skills"."""
    _ = translator(lang)
    if not row["told"]:
        return _("Too few people have done the test yet to tell a share; please wait until there are at least ten.")
    return _("Of every 100 people who did the test, about {share} surely {can} (between {low} and {high}).").format(
        can=can, share=round(100 * row["share"]), low=round(100 * row["low"]), high=round(100 * row["high"])
    )


def week_sentence(came: int, reached: int, can: str, lang: str = "vi") -> str:
    """What the last whole week brought."""
    _ = translator(lang)
    if not came and not reached:
        return _("Nobody new came to a class in the last week.")
    if not came:
        return _("Last week nobody new came; {reached} people showed for the first time that they {can}.").format(
            reached=grouped(reached, lang), can=can
        )
    return _(
        "Last week {came} new people came to a class; {reached} people showed for the first time that they {can}."
    ).format(came=grouped(came, lang), reached=grouped(reached, lang), can=can)


def forecast_sentence(found: Forecast, now: float, can: str, lang: str = "vi") -> str:
    """Where it stands now, what may come, and under which condition."""
    _ = translator(lang)
    sure = percent(found.confidence, lang)
    return _(
        "So far {now} people have shown at least once that they {can}. If classes go on as in past weeks, it will be {low} to {high} in {weeks} weeks (sure to {sure}). "
        "Holidays, the harvest or a new drive would change that."
    ).format(
        now=grouped(now, lang),
        can=can,
        low=grouped(found.low[-1], lang),
        high=grouped(found.high[-1], lang),
        weeks=int(found.weeks[-1]),
        sure=sure,
    )


def cautions(lang: str = "vi") -> tuple[str, str, str]:
    """What cannot be concluded from any of it."""
    _ = translator(lang)
    return (
        _("These are people who came to a class of themselves, not everybody who lives here."),
        _("Who has not shown a skill yet may still have it: only what is sure is counted."),
        _("This is not the state's confirmation on VNeID."),
    )


def target_sentence(row: Mapping[str, Any], lang: str = "vi") -> str:
    """One plan beside what was measured; of the state's own confirmation nothing is said but that it is not measured here."""
    _ = translator(lang)
    planned = percent(row["planned"], lang) if row["planned"] and not isnan(row["planned"]) else None
    planned = planned or _("{people} people").format(people=grouped(row["planned_people"], lang))
    year = "" if row["year"] is None or row["year"] != row["year"] else str(int(row["year"]))
    plan = _("Plan ({place}, {year}): {planned} – {group}: {measure}.").format(
        place=row["place"],
        year=year or _("year not stated"),
        planned=planned,
        group=row["group"],
        measure=row["measure"],
    )
    if row["why"]:
        return plan + " " + _("Not measured here: only the state's platform confirms this.")
    if not row["told"] or row["told"] != row["told"]:
        return plan + " " + _("Too few of this group have done the test.")
    return (
        plan
        + " "
        + _(
            "Measured in classes: {share} of {measured} people ({low} to {high}). A plan is for all; a class is not all."
        ).format(
            share=percent(row["share"], lang),
            measured=grouped(row["measured"], lang),
            low=percent(row["low"], lang),
            high=percent(row["high"], lang),
        )
    )


def movement_sentences(row: Mapping[str, int] | None, targets: Targets, lang: str = "vi") -> list[str]:
    """Helpers and households of a place beside what plans want of them; nothing is said of what is not told.

    Parameters
    ----------
    row : counts told, by column of `bdhvs.analysis.programme.movement`; None or empty for a place that tells nothing.
    """
    _ = translator(lang)
    told = dict(row or {})
    said = []
    if "facilitators" in told:
        said.append(
            _(
                "{n} people who teach others (community digital teams, youth union) have come to a class themselves."
            ).format(n=grouped(told["facilitators"], lang))
        )
    if "ambassadors" in told:
        said.append(
            _(
                "Digital ambassadors: at least {n} have each helped {needed} people or more, as the plan asks of each."
            ).format(n=grouped(told["ambassadors"], lang), needed=targets.movement.ambassadors.people)
        )
    if "helped" in told:
        said.append(
            _("At least {n} people said, on a phone of their own, that somebody helped them.").format(n=grouped(told["helped"], lang))
        )
    return said + _of_households(told, targets, lang)


def _of_households(told: Mapping[str, int], targets: Targets, lang: str) -> list[str]:
    _ = translator(lang)
    if "households_reached" not in told:
        few = _(
            "Digital families: {n} have come together in class. How many have somebody who can do the five things is not told, as the numbers are small."
        )
        return [few.format(n=grouped(told["households"], lang))] if "households" in told else []
    text = _(
        "Digital families: {m} of {n} that came together in class ({share}) have somebody who can do the five things; the plan is for "
        "{planned} of all families."
    )
    judged, reached = told["households_judged"], told["households_reached"]
    planned = percent(targets.movement.households.share or 0, lang)
    return [
        text.format(
            n=grouped(judged, lang), m=grouped(reached, lang), share=percent(reached / judged, lang), planned=planned
        )
    ]


def plan_sentence(plan: SurveyPlan, lang: str = "vi") -> str:
    """What a survey needs, and what has been supposed."""
    _ = translator(lang)
    points = f"{100 * plan.margin:g}" if lang == "en" else f"{100 * plan.margin:g}".replace(".", ",")
    people = grouped(plan.population, lang) if isfinite(plan.population) else _("a large number of")
    said = _(
        "To know a share among {people} adults to within ±{points} points of a hundred (sure to {sure}), {respondents} people must "
        "answer. Invite {invited}: {clusters} neighbourhoods drawn by lot, {each} people in each, drawn by lot too."
    ).format(
        people=people,
        points=points,
        sure=percent(plan.confidence, lang),
        respondents=grouped(plan.respondents, lang),
        invited=grouped(plan.invited, lang),
        clusters=grouped(plan.clusters, lang),
        each=grouped(plan.per_cluster, lang),
    )
    if not plan.enough:
        reached = f"{100 * plan.reached:.1f}" if lang == "en" else f"{100 * plan.reached:.1f}".replace(".", ",")
        said += " " + _("Even if everybody is invited, only ±{reached} points can be reached.").format(reached=reached)
    if isfinite(plan.change):
        rise = f"{100 * plan.change:.0f}"
        said += " " + _("Two such surveys would show a rise of {rise} points or more.").format(rise=rise)
    return said

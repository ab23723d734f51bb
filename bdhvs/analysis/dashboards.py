"""Two notebooks as dashboards: native lists and fields that a thumb hits, a picture and its words below.

Whatever a control does is heard and seen as HTML; on a page of Voilà (template ``bdhvs``) controls are 48 px high.
"""

from __future__ import annotations

from datetime import timedelta
from math import inf
from typing import TYPE_CHECKING, Any

from bdhvs.analysis.basis import Basis, basis_of
from bdhvs.analysis.pictures.survey import plot_survey
from bdhvs.analysis.plot_programme import page_words, plot_week
from bdhvs.analysis.programme_view import ProgrammeView, programme_view, steps
from bdhvs.analysis.programme_words import percent, place_name, plan_sentence
from bdhvs.analysis.shown import picture, sentences
from bdhvs.dataset.reading import Dataset
from bdhvs.i18n import translator
from bdhvs.programme.survey import STATED_ICC, survey_plan

if TYPE_CHECKING:
    from ipywidgets import VBox

MARGINS, EACH, ANSWERING, LIKENESS = (
    (3, 4, 5, 7, 10),
    (1, 5, 10, 20, 30, 40),
    (50, 60, 70, 80, 90, 100),
    (0.02, 0.05, 0.1, 0.2),
)
WEEKS = 26  # that can be looked back at


def progress_dashboard(data: Dataset, *, census: Any = None, lang: str = "vi", cannot: str) -> VBox:
    """One commune, or the province, as of a week of one's choice: the week's page and its sentences.

    Parameters
    ----------
    census : CSV file of adults by commune, as for `programme_view`. cannot : what must not be concluded; below the picture.
    """
    import ipywidgets as widgets

    _ = translator(lang)
    newest = programme_view(data, census=census)
    views: dict[Any, ProgrammeView] = {None: newest}
    place = _chosen(widgets, _("Commune"), [(place_name(name, lang), code) for code, name in newest.names().items()])
    week = _chosen(widgets, _("Up to the week ending"), [(_("the newest"), None), *_week_ends(newest)])
    bar = widgets.IntProgress(max=steps(), layout={"width": "100%", "visibility": "hidden"})
    shown = widgets.HTML()

    def view_of(day: Any) -> ProgrammeView:
        if day not in views:
            bar.value, bar.layout.visibility = 0, "visible"
            views[day] = programme_view(data, census=census, until=day, told=lambda done: _add(bar, done))
            bar.layout.visibility = "hidden"
        return views[day]

    def draw(_change: Any = None) -> None:
        view = view_of(week.value)
        if place.value not in set(view.table["commune"]):
            shown.value = sentences([_("Nobody of this commune had come to a class by then.")]).html
            return
        row = view.table.set_index("commune").loc[place.value]
        words = page_words(view, place.value, lang)
        page = plot_week(view, place.value, lang=lang)
        own = basis_of(data, week.value).of(row["measured"], row["classes"])
        made = picture(page, " ".join(words), own, cannot, lang=lang, repeat=False)
        shown.value = made.html

    for control in (place, week):
        control.observe(draw, "value")
    draw()
    return widgets.VBox([place, week, bar, shown], layout={"width": "100%"})


def survey_dashboard(
    basis: Basis, *, icc: float = STATED_ICC, adults: int = 12_000, lang: str = "vi", cannot: str
) -> VBox:
    """A survey's plan for numbers of one's choice, in words and as a picture.

    Parameters
    ----------
    basis, icc : what likeness of neighbours was measured, and on what; `STATED_ICC` where it could not be.
    adults : of the commune; 0 on the page means many.
    """
    import ipywidgets as widgets

    _ = translator(lang)
    people = widgets.BoundedIntText(
        value=adults, min=0, max=20_000_000, description=_("Adults in the commune"), **_wide()
    )
    margin = _chosen(widgets, _("Certainty wanted"), [(_("± {n} points").format(n=one), one) for one in MARGINS], 5)
    each = _chosen(widgets, _("Invited per neighbourhood"), [(str(one), one) for one in EACH], 20)
    rate = _chosen(
        widgets, _("Of the invited, how many answer"), [(percent(one / 100, lang), one) for one in ANSWERING], 80
    )
    alike = _chosen(widgets, _("Likeness of neighbours"), _likeness(icc, lang), icc)
    shown = widgets.HTML()

    def draw(_change: Any = None) -> None:
        plan = survey_plan(
            margin.value / 100,
            population=people.value or inf,
            per_cluster=each.value,
            icc=alike.value,
            response_rate=rate.value / 100,
        )
        said = plan_sentence(plan, lang)
        shown.value = (
            sentences([said]).html
            + picture(plot_survey(plan, lang=lang), said, basis, cannot, lang=lang, repeat=False).html
        )

    controls = (people, margin, each, rate, alike)
    for control in controls:
        control.observe(draw, "value")
    draw()
    return widgets.VBox([*controls, shown], layout={"width": "100%"})


def _likeness(icc: float, lang: str) -> list[tuple[str, float]]:
    _ = translator(lang)
    own = _("used in this notebook")
    known = sorted({*LIKENESS, icc})
    words = {one: f"{one:.3f}".rstrip("0").replace(".", "," if lang != "en" else ".") for one in known}
    return [(f"{words[one]} ({own})" if one == icc else words[one], one) for one in known]


def _week_ends(view: ProgrammeView) -> list[tuple[str, Any]]:
    mondays = sorted(view.weeks["week"].unique(), reverse=True)[1 : WEEKS + 1]
    sundays = [one + timedelta(days=6) for one in mondays]
    return [(f"{one:%d/%m/%Y}", one) for one in sundays]


def _chosen(widgets: Any, label: str, options: list[tuple[str, Any]], value: Any = None) -> Any:
    more = {} if value is None else {"value": value}
    return widgets.Dropdown(options=options, description=label, **more, **_wide())


def _wide() -> dict[str, Any]:
    """As wide as the page, the label on a line of its own: nothing is cut at 360 px."""
    return {
        "layout": {"width": "100%", "flex_flow": "column", "height": "auto"},
        "style": {"description_width": "initial"},
    }


def _add(bar: Any, done: int) -> None:
    bar.value += done

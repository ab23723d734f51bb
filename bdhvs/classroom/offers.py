"""``bdhvs.offers``: tick what a class offers, without writing an id."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import ipywidgets

from bdhvs.bank.loader import Bank
from bdhvs.bank.paths import find_content
from bdhvs.i18n import language, translator
from bdhvs.server.lessons import read_lessons

STYLE = """<style>
.bdhvs-offers { font-size: 18px; }
.bdhvs-offers .widget-checkbox, .bdhvs-offers .widget-checkbox label { height: auto; min-height: 48px; width: 100%; }
.bdhvs-offers label { display: flex; align-items: center; gap: 12px; font-size: 18px; line-height: 1.4; white-space: normal; cursor: pointer; }
.bdhvs-offers input[type=checkbox] { flex: none; width: 26px; height: 26px; margin: 0; }
.bdhvs-offers h4 { margin: 8px 0 0; font-size: 20px; }
</style>"""


class Offers(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Lessons and forms to tick; the usual ones are ticked at first. Give ``lessons`` and ``forms`` to `bdhvs.open_class`."""

    def __init__(self, lessons: Mapping[str, str], forms: Mapping[str, str], chosen: Mapping[str, str], lang: str) -> None:
        _ = translator(lang)
        self._lessons, self._forms = _boxes(lessons), _boxes(forms)
        self._chosen = _boxes(chosen, ticked=False)
        parts = [ipywidgets.HTML(STYLE + _heading(_("Lessons"))), *self._lessons.values()]
        parts += [ipywidgets.HTML(_heading(_("Quizzes"))), *self._forms.values()]
        if chosen:
            parts += [ipywidgets.HTML(_heading(_("Placement, before and after, breaks"))), *self._chosen.values()]
        super().__init__(parts)
        self.add_class("bdhvs-offers")

    @property
    def lessons(self) -> tuple[str, ...] | None:
        """Ids of the ticked lessons; None when all are."""
        return _ticked(self._lessons)

    @property
    def forms(self) -> tuple[str, ...] | None:
        """Ids of the ticked forms; None when they are the usual ones."""
        chosen = _ticked(self._chosen) if self._chosen else ()
        usual = _ticked(self._forms)
        return usual if chosen == () else (*(self._forms if usual is None else usual), *(self._chosen if chosen is None else chosen))


def offers(*, lang: str = "vi") -> Offers:
    """Boxes to tick: which lessons and quizzes the class's home page shows. Nothing changed: the usual ones, all of them.

    Parameters
    ----------
    lang : language of the titles, "vi" or "en".

    Examples
    --------
    >>> chosen = bdhvs.offers()                                                     # doctest: +SKIP
    >>> bdhvs.open_class("data", lessons=chosen.lessons, forms=chosen.forms)        # doctest: +SKIP
    """
    lang = language(lang)
    _ = translator(lang)
    found = read_lessons(find_content().notebooks / "hoc-vien")
    lessons = {one.id: one.title for one in sorted(found, key=lambda one: one.lang == lang)}  # where there is one in `lang`, its title
    bank, many = Bank.load(), _("{title} ({n} questions)")

    def titled(form_id: str) -> str:
        longest = bank.form(bank.taken_as([form_id])[0]).longest
        return many.format(title=bank.form(form_id).title.in_language(lang), n=longest)

    usual = {one.id: titled(one.id) for one in bank.forms.values() if one.listed}
    turns = {one for form in bank.forms.values() if form.turn for one in form.turn.forms}  # reached through their turn
    chosen = sorted((str(one.purpose), one.id) for one in bank.forms.values() if one.purpose and one.id not in turns)
    return Offers(lessons, usual, {one: titled(one) for _purpose, one in chosen}, lang)


def _boxes(titles: Mapping[str, str], *, ticked: bool = True) -> dict[str, ipywidgets.Checkbox]:
    return {one: ipywidgets.Checkbox(value=ticked, description=title, indent=False) for one, title in titles.items()}


def _ticked(boxes: Mapping[str, ipywidgets.Checkbox]) -> tuple[str, ...] | None:
    ticked = tuple(one for one, box in boxes.items() if box.value)
    return None if len(ticked) == len(boxes) else ticked


def _heading(text: str) -> str:
    return f"<h4>{escape(text)}</h4>"

"""What a class's home page offers: a short list as it is, a long one folded into topics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bdhvs.bank.topics import Topic
from bdhvs.core.forms import Form
from bdhvs.i18n import translator
from bdhvs.live.notebooks import in_language
from bdhvs.server.context import ClassContext

FEW = 6  # cards that a phone shows in two or three screens; a teacher who chose made a short list
DOOR_TO_REST = "khac"


@dataclass(frozen=True, slots=True)
class Card:
    """A way into something to do. ``size`` says how long it is, in words; ``lesson`` tells lessons from quizzes."""

    id: str
    href: str
    title: str
    about: str
    size: str
    lesson: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """Cards that stand together under a heading; folded when there are too many to show at once."""

    id: str
    title: str
    cards: tuple[Card, ...]
    folded: bool


def shelves(context: ClassContext, lang: str) -> list[Shelf]:
    """What the home page shows, in order; empty when the class offers nothing yet."""
    _ = translator(lang)
    lessons, live, forms = _lessons(context, lang), _live(context, lang), _forms(context, lang)
    cards = (*lessons, *live, *forms)
    if len(cards) > FEW and len(topics := _by_topic(context.topics, cards, lang)) > 1:
        return topics
    flat = ((_("Lessons"), lessons), (_("Write a program"), live), (_("Try your skills"), forms))
    return [Shelf("", title, tuple(found), folded=False) for title, found in flat if found]


def _by_topic(topics: Sequence[Topic], cards: Sequence[Card], lang: str) -> list[Shelf]:
    _ = translator(lang)
    left = {card.id: card for card in cards}
    found = [
        Shelf(topic.id, topic.title.in_language(lang), here, folded=True)
        for topic in topics
        if (here := tuple(left.pop(one) for one in (*topic.lessons, *topic.forms) if one in left))
    ]
    if left:
        found.append(Shelf(DOOR_TO_REST, _("More"), tuple(left.values()), folded=True))
    return found


def _lessons(context: ClassContext, lang: str) -> list[Card]:
    return [
        Card(one.id, f"/bai/{one.id}", one.title, one.about, _minutes(one.minutes, lang), lesson=True)
        for one in context.shelf.listed(lang)
    ]


def _live(context: ClassContext, lang: str) -> list[Card]:
    notebooks = in_language(context.live.notebooks, lang) if context.live else []
    return [Card(one.lesson, f"/song/{one.id}", one.title, one.about, _minutes(one.minutes, lang), lesson=True) for one in notebooks]


def _forms(context: ClassContext, lang: str) -> list[Card]:
    forms = (context.bank.form(one) for one in context.listed_forms)
    return [
        Card(
            form.id,
            f"/kiem-tra/{form.id}",
            form.title.in_language(lang),
            form.about.in_language(lang),
            _size(form, _questions(form, context), lang),
            lesson=False,
        )
        for form in forms
    ]


def _questions(form: Form, context: ClassContext) -> int:
    """How many a learner gets, at most; of a turn as many as either of its forms has."""
    return context.bank.form(context.bank.taken_as([form.id])[0]).longest


def _minutes(minutes: int, lang: str) -> str:
    _ = translator(lang)
    return _("about %(minutes)s minutes") % {"minutes": minutes}


def _size(form: Form, count: int, lang: str) -> str:
    _ = translator(lang)
    questions = _("at most %(n)s questions") if form.adaptive else _("%(n)s questions")
    parts = [questions % {"n": count}]
    if form.minutes:
        parts.append(_minutes(form.minutes, lang))
    if form.limit_minutes:
        parts.append(_("at most %(n)s minutes") % {"n": form.limit_minutes})
    return " · ".join(parts)

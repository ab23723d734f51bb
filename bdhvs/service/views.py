"""What a learner may see of an attempt: faces, states, feedback. The border where keys stay behind."""

from __future__ import annotations

from functools import partial

from msgspec import UNSET

from bdhvs.bank.render import render_block, render_inline
from bdhvs.core.attempt import Attempt
from bdhvs.core.forms import Form
from bdhvs.core.items.base import Arrangement, Item, Render, ShownItem, ShownPicture, Text
from bdhvs.service.protocol import Feedback, FormView, ItemView


def inline(lang: str) -> Render:
    """Renders a Text as safe inline HTML in `lang`."""
    return partial(_inline, lang)


def block(text: Text, lang: str) -> str:
    """A Text as safe HTML paragraphs in `lang`."""
    return render_block(text.in_language(lang))


def _inline(lang: str, text: Text) -> str:
    return render_inline(text.in_language(lang))


def shown_item(item: Item, order: Arrangement, lang: str) -> ShownItem:
    """The face of an item as one learner meets it."""
    picture = item.picture
    return ShownItem(
        id=item.id,
        version=item.version,
        kind=item.kind,
        stem=block(item.stem, lang),
        body=item.face(order, inline(lang)),
        picture=ShownPicture(picture.file, picture.alt.in_language(lang)) if picture else None,
        has_hint=item.has_hint,
    )


def form_view(form: Form, lang: str, at_most: int | None = None) -> FormView:
    """What the page says about the form; ``at_most``: how many items there can be where they come one by one."""
    return FormView(
        id=form.id,
        version=form.version,
        title=form.title.in_language(lang),
        about=form.about.in_language(lang),
        mode=form.mode,
        allow_back=form.allow_back,
        tries=form.tries,
        minutes=form.minutes,
        limit_minutes=form.limit_minutes,
        ask_confidence=form.ask_confidence or UNSET,
        at_most=UNSET if at_most is None else at_most,
    )


def item_view(
    attempt: Attempt,
    item: Item,
    order: Arrangement,
    lang: str,
    *,
    revealed: bool = False,
    withheld: bool = False,
    counts: bool = True,
    hint: str | None = None,
) -> ItemView:
    """State of one item; feedback only when it is due.

    Parameters
    ----------
    revealed : the teacher has shown the solution to the class, so nothing is taken any more and feedback is due.
    withheld : the teacher will reveal it, so until then practice, too, takes one answer and says nothing of it.
    counts : whether the item counts in this class; on one that does not nothing is said, for it may be wrong.
    hint : of an item whose hints follow what is done, the HTML that was just asked for.
    """
    state = attempt.state(item.id)
    practice = attempt.rules.practice
    due = counts and (revealed or (practice and not withheld))
    one_answer = practice and withheld and not revealed
    hinted = state.hinted and item.hint is not None
    return ItemView(
        status=state.status,
        open=attempt.status == "started" and state.answers == 0 if one_answer else attempt.is_open(item.id) and not revealed,
        tries_left=max(0, attempt.rules.tries - state.tries) if practice and not one_answer else 1,
        response=item.places(state.response, order) if state.response is not None else None,
        help=state.help,
        asked_help=state.asked_help,
        confidence=UNSET if state.confidence is None else state.confidence,
        hint=block(item.hint, lang) if hinted and item.hint else hint,
        feedback=feedback(attempt, item, order, lang, revealed=revealed) if due else None,
        neutralised=UNSET if counts else True,
    )


def feedback(
    attempt: Attempt, item: Item, order: Arrangement, lang: str, *, revealed: bool = False
) -> Feedback | None:
    """What is said about the last answer. The caller has made sure that it is due.

    Solution and explanation come only when no more answers are taken: before, they would tell the key.
    """
    state = attempt.state(item.id)
    over = revealed or attempt.is_over(item.id)
    verdict = state.score.verdict if state.score else "wrong"
    said = item.feedback(state.response) if state.response is not None else ()
    if state.response is None and not over:
        return None
    return Feedback(
        verdict=verdict if state.response is not None else "none",
        html=tuple(block(text, lang) for text in said),
        solution=item.solution(order, inline(lang)) if over and verdict != "right" and item.is_performance else None,
        explanation=block(item.explanation, lang) if over and item.explanation else None,
        retry=not over,
    )


def answer_in_words(item: Item, attempt: Attempt, lang: str) -> str | None:
    """The learner's own answer as HTML for the review, None when there is none."""
    response = attempt.state(item.id).response
    if response is None:
        return None
    return item.in_words(response, inline(lang))

"""One item on the teacher's board: its question, what was answered and how often, and, when asked for, its key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from bdhvs.core.attempt import Attempt
from bdhvs.core.items.base import Item, Response
from bdhvs.core.items.choice import ChoiceItem
from bdhvs.core.items.self_assessment import SelfAssessment
from bdhvs.core.items.simulation import Simulation
from bdhvs.core.presenting import arrangement
from bdhvs.service.views import block, inline

MOST_WORDINGS = 8  # of typed answers


class Choice(Struct, frozen=True):
    """An answer and how often it was given. ``key`` is None unless the key was asked for."""

    html: str
    count: int
    key: bool | None


class Details(Struct, frozen=True):
    """One item: its question, what was answered, and, when asked for, its solution.

    ``choices``: options or steps in the author's order, or the commonest typed answers; empty for ordering and pairing.
    """

    item: str
    number: int
    stem: str
    answers: int
    typed: bool
    choices: tuple[Choice, ...]
    solution: str | None


def details(item: Item, number: int, attempts: Iterable[Attempt], *, key: bool, lang: str) -> Details:
    """`item`, the one with this number in the form, as `attempts` answered it; its key only where `key` asks for it."""
    states = [attempt.states.get(item.id) for attempt in attempts]
    responses = [state.response for state in states if state is not None and state.response is not None]
    typed = any("text" in response for response in responses)
    return Details(
        item=item.id,
        number=number,
        stem=block(item.stem, lang),
        answers=len(responses),
        typed=typed,
        choices=_choices(item, responses, key, lang),
        solution=item.solution(arrangement(item, 0, False), inline(lang)) if key and item.is_performance else None,
    )


def _choices(item: Item, responses: Sequence[Response], key: bool, lang: str) -> tuple[Choice, ...]:
    """What was chosen, said or typed, or the dangers that were met in a simulation, with how often."""
    match item:
        case ChoiceItem():
            return _options(item, responses, key, lang)
        case SelfAssessment():
            return _steps(item, responses, lang)
        case Simulation():
            return _dangers(item, responses, key, lang)
    return _wordings(item, responses, lang)


def _steps(item: SelfAssessment, responses: Iterable[Response], lang: str) -> tuple[Choice, ...]:
    said, render = Counter(item.recorded_choices(one)[0] for one in responses), inline(lang)
    return tuple(Choice(render(step.text), said[step.id], None) for step in item.steps)


def _dangers(item: Simulation, responses: Iterable[Response], key: bool, lang: str) -> tuple[Choice, ...]:
    """Dangerous acts and how many did them. What they are tells the key, so they come only with it."""
    done = Counter(one for response in responses for one in item.recorded_choices(response))
    render = inline(lang)
    return tuple(Choice(render(one.why), done[one.id], False) for one in item.forbidden) if key else ()


def _options(item: ChoiceItem, responses: Iterable[Response], key: bool, lang: str) -> tuple[Choice, ...]:
    chosen = Counter(one for response in responses for one in item.recorded_choices(response))
    render = inline(lang)
    return tuple(Choice(render(one.text), chosen[one.id], one.key if key else None) for one in item.options)


def _wordings(item: Item, responses: Iterable[Response], lang: str) -> tuple[Choice, ...]:
    """What was typed, the commonest first; empty for items that are not typed."""
    typed = [response for response in responses if "text" in response]
    counted = Counter(item.in_words(response, inline(lang)) for response in typed)
    return tuple(
        Choice(html, count, None)
        for html, count in sorted(counted.items(), key=lambda one: (-one[1], one[0]))[:MOST_WORDINGS]
    )

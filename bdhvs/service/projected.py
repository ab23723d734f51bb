"""What the projector shows of the item that the class takes together: no names, and no key before it is revealed."""

from __future__ import annotations

from dataclasses import dataclass

from bdhvs.bank.loader import Bank
from bdhvs.core.items.base import Item
from bdhvs.core.items.choice import ChoiceItem
from bdhvs.core.items.ordering import OrderingFace
from bdhvs.core.items.pairing import PairingFace
from bdhvs.core.items.self_assessment import StepsFace
from bdhvs.core.presenting import arrangement
from bdhvs.service.board import Board
from bdhvs.service.board_details import Choice, Details
from bdhvs.service.board_view import Looking
from bdhvs.service.pace_view import LedCount
from bdhvs.service.views import block, inline

#: A wording that only one person typed could tell who it was, so it stays off the wall.
LEAST_ALIKE = 2


@dataclass(frozen=True, slots=True)
class Part:
    """A line under the question. ``count``: how many chose it, None while that is not shown; ``key``: that it is right."""

    html: str
    count: int | None = None
    key: bool = False


@dataclass(frozen=True, slots=True)
class Projected:
    """An item for the wall. ``parts`` are what there is to choose from, ``typed`` what was typed most often.

    ``solution`` and ``explanation`` are None before the reveal, and where there is none.
    """

    led: LedCount
    stem: str
    picture: str | None
    picture_alt: str
    parts: tuple[Part, ...]
    typed: tuple[Part, ...]
    solution: str | None
    explanation: str | None

    @property
    def most(self) -> int:
        """The greatest count, at least 1: the length of a full bar."""
        return max([1, *(part.count or 0 for part in (*self.parts, *self.typed))])


def projected(board: Board, bank: Bank, lang: str) -> Projected | None:
    """What the wall shows now; None while everybody goes alone, or when the item is not in the bank any more."""
    led = board.pace().led
    item = bank.items.get(led.item) if led else None
    if led is None or item is None:
        return None
    details = board.view(Looking(form=led.form, item=item.id, key=led.revealed, names=False), lang).details
    return Projected(
        led=led,
        stem=block(item.stem, lang),
        picture=item.picture.file if item.picture else None,
        picture_alt=item.picture.alt.in_language(lang) if item.picture else "",
        parts=_parts(item, details, led.shown, lang),
        typed=_typed(details) if led.shown else (),
        solution=details.solution if details and led.revealed else None,
        explanation=block(item.explanation, lang) if led.revealed and item.explanation else None,
    )


def _parts(item: Item, details: Details | None, shown: bool, lang: str) -> tuple[Part, ...]:
    order = arrangement(item, 0, False)  # not the author's order, which may tell the key
    if isinstance(item, ChoiceItem) and details is not None:
        by_id = dict(zip((option.id for option in item.options), details.choices, strict=True))
        return tuple(_part(by_id[one], shown) for one in order[0])
    face = item.face(order, inline(lang))
    if isinstance(face, OrderingFace):
        return tuple(Part(step.html) for step in face.steps)
    if isinstance(face, StepsFace):  # no counts: in a small class they would say who thinks little of themselves
        return tuple(Part(step.html) for step in face.options)
    if isinstance(face, PairingFace):
        return tuple(Part(part.html) for part in (*face.rows, *face.answers))
    return ()


def _part(choice: Choice, shown: bool) -> Part:
    return Part(choice.html, choice.count if shown else None, bool(choice.key))


def _typed(details: Details | None) -> tuple[Part, ...]:
    if details is None or not details.typed:
        return ()
    return tuple(Part(one.html, one.count) for one in details.choices if one.count >= LEAST_ALIKE)

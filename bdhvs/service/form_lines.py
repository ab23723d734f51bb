"""A form as the teacher of a class sees it: its questions in this class, and what was decided about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bdhvs.bank.loader import Bank
from bdhvs.bank.plain import plain_text
from bdhvs.core.decisions import Decisions, Neutralised
from bdhvs.core.forms import Form
from bdhvs.core.items.base import Item
from bdhvs.core.presenting import arrangement
from bdhvs.service.views import block, inline


@dataclass(frozen=True, slots=True)
class FormLine:
    """One place in the form. ``slot`` is the id of the author's item, ``item`` of the one that stands there now.

    ``key`` is HTML, None unless it was asked for; ``out`` the decision by which the item does not count, None when it does.
    """

    number: int
    slot: str
    item: str
    stem: str
    plain: str
    competence: str
    level: int
    key: str | None
    out: Neutralised | None

    @property
    def swapped(self) -> bool:
        """Whether another item than the author's stands here."""
        return self.slot != self.item


def form_lines(bank: Bank, decisions: Decisions, form: Form, lang: str, *, key_of: str = "") -> Iterator[FormLine]:
    """The places of `form` in the author's order, as this class takes it; of an adaptive form the items it chooses from.

    Parameters
    ----------
    key_of : slot whose key the teacher asked for; no other key is in what is given.
    """
    now = decisions.form(form, bank.items).items
    slots = slots_of(form, bank)
    for number, (slot, item_id) in enumerate(zip(slots, now or slots, strict=True), start=1):
        item = bank.item(item_id)
        out = next((one for ref, one in decisions.out.items() if ref.id == item_id), None)
        yield FormLine(
            number=number,
            slot=slot,
            item=item_id,
            stem=block(item.stem, lang),
            plain=in_one_line(item, lang),
            competence=f"{item.competence} {bank.framework[item.competence].name.in_language(lang)}",
            level=item.level,
            key=item.solution(arrangement(item, 0, False), inline(lang)) if slot == key_of and item.is_performance else None,
            out=out,
        )


def slots_of(form: Form, bank: Bank) -> tuple[str, ...]:
    """What a teacher may look at in a form: the author's items, or the pool of an adaptive form, by competence and level."""
    if form.adaptive is None:
        return form.items
    pool = sorted(form.adaptive.pool_of(bank.items.values()), key=lambda item: (item.competence, item.level, item.id))
    return tuple(item.id for item in pool)


def in_one_line(item: Item, lang: str) -> str:
    """The question as plain text without line breaks."""
    return " ".join(plain_text(item.stem.in_language(lang)).split())

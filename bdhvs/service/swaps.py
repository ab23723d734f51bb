"""Which items may stand in the place of another one in a form."""

from __future__ import annotations

from bdhvs.bank.loader import Bank
from bdhvs.core.decisions import Decisions
from bdhvs.core.items.base import Item

NEAR_LEVELS = 1  # a replacement is at most one level easier or harder


def candidates(bank: Bank, decisions: Decisions, form_id: str, item_id: str) -> list[Item]:
    """Items that may replace the author's `item_id` in a form of this class, the nearest level first.

    They show the same competence at nearly the same level, are not in the form as the class takes it, and are not used
    the other way (an assessment asks nothing that is practised, and the other way round). The item that stands there
    now and the author's own are not among them; neither is one that does not count in this class.

    Raises
    ------
    NotFound
        when the bank has no such form or item.
    """
    form, item = bank.form(form_id), bank.item(item_id)
    taken = {*form.items, *decisions.form(form, bank.items).items}
    other_way = {one for other in bank.forms.values() if other.mode != form.mode for one in other.items}
    found = [
        one
        for one in bank.items.values()
        if one.competence == item.competence
        and one.is_performance == item.is_performance
        and abs(one.level - item.level) <= NEAR_LEVELS
        and one.id not in taken | other_way
        and decisions.counts(one.id, one.version)
    ]
    return sorted(found, key=lambda one: (abs(one.level - item.level), one.id))

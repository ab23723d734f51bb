"""What the teacher changed for the whole class, in sentences with their times: the trace in the class report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bdhvs.bank.loader import Bank
from bdhvs.bank.plain import plain_text
from bdhvs.core.decisions import Decision, Decisions, Neutralised, Ordered, Restored, Swapped, TimeAdded
from bdhvs.errors import NotFound
from bdhvs.i18n import Gettext, translator
from bdhvs.service.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Change:
    """One decision of the teacher: when (microseconds since the epoch), about which quiz, and what, in plain text."""

    at_us: int
    form: str
    sentence: str


def changes(decisions: Decisions, bank: Bank, catalogue: Catalogue, lang: str) -> Iterator[Change]:
    """All that was decided, in order; also what was taken back later. May read the disk for items of an older bank."""
    _ = translator(lang)
    for decision in decisions.trace:
        form = bank.forms.get(decision.form)
        title = plain_text(form.title.in_language(lang)) if form else decision.form
        yield Change(decision.at_us, title, _sentence(decision, bank, catalogue, lang, _))


def _sentence(decision: Decision, bank: Bank, catalogue: Catalogue, lang: str, _: Gettext) -> str:
    match decision:
        case Neutralised(item=ref, why=why):
            stem = _stem(ref.id, ref.version, bank, catalogue, lang)
            return _("The teacher took out of all results: “{stem}”. Reason: {why}").format(stem=stem, why=why)
        case Restored(item=ref):
            stem = _stem(ref.id, ref.version, bank, catalogue, lang)
            return _("The teacher let it count again: “{stem}”").format(stem=stem)
        case Swapped(item=old, into=new) if old == new:
            stem = _stem(old, None, bank, catalogue, lang)
            return _("The teacher put the author's question back: “{stem}”").format(stem=stem)
        case Swapped(item=old, into=new):
            stems = (_stem(one, None, bank, catalogue, lang) for one in (old, new))
            return _("The teacher replaced “{old}” by “{new}”").format(old=next(stems), new=next(stems))
        case Ordered(order="fixed"):
            return _("The teacher chose one order of the questions for everybody")
        case Ordered():
            return _("The teacher chose shuffled questions")
        case TimeAdded(minutes=minutes):
            return _("The teacher gave everybody {n} minutes more").format(n=minutes)


def _stem(item_id: str, version: int | None, bank: Bank, catalogue: Catalogue, lang: str) -> str:
    """The question in one line; the id of an item that is known nowhere any more."""
    try:
        item = bank.item(item_id) if version is None else catalogue.item(item_id, version)
    except NotFound:
        return item_id
    return " ".join(plain_text(item.stem.in_language(lang)).split())

"""Rules about what belongs to a finished item."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bdhvs.bank.checks.rule import Finding, Rule
from bdhvs.bank.checks.texts import syllables, words_folded
from bdhvs.bank.loader import Bank
from bdhvs.core.items.base import Item, Text
from bdhvs.core.items.choice import ChoiceItem
from bdhvs.core.items.numeric import Numeric, vietnamese_number
from bdhvs.core.items.short_text import ShortText
from bdhvs.core.items.single_choice import SingleChoice

SHORTEST_ALT = 4  # syllables; fewer cannot say what a picture shows


def field_order(item_class: type[Item]) -> list[str]:
    """The fields of a kind in the order of docs/author.md: common head, the kind's own, hint, explanation."""
    common = [field.alias or name for name, field in Item.model_fields.items()]
    every = [field.alias or name for name, field in item_class.model_fields.items()]
    own = [name for name in every if name not in common]
    head = [name for name in common if name not in ("hint", "explanation")]
    return [*head, *sorted(own, key=lambda name: name != "partial"), "hint", "explanation"]


def _warned(rule: str) -> Callable[[Item, Bank], Iterator[Finding]]:
    """What the kind itself advises under this name."""

    def found(item: Item, bank: Bank) -> Iterator[Finding]:
        for flaw in item.flaws():
            if flaw.severity == "warning" and flaw.rule == rule:
                yield Finding(flaw.message, flaw.field)

    return found


def _missing_hint(item: Item, bank: Bank) -> Iterator[Finding]:
    if not item.has_hint and item.is_performance:
        yield Finding('there is no "hint"; add one nudge that helps to think')


def _missing_explanation(item: Item, bank: Bank) -> Iterator[Finding]:
    if item.explanation is None and item.is_performance:
        yield Finding('there is no "explanation"; add the one thing to remember')


def _short_alt(item: Item, bank: Bank) -> Iterator[Finding]:
    if item.picture and syllables(item.picture.alt.vi) < SHORTEST_ALT:
        message = f'the alt text "{item.picture.alt.vi}" does not say what the picture shows'
        yield Finding(message, ("picture", "alt"))


def _key_order(item: Item, bank: Bank) -> Iterator[Finding]:
    written = list(bank.item_documents[item.id].value)
    expected = [name for name in field_order(type(item)) if name in written]
    for found, wanted in zip(written, expected, strict=True):
        if found != wanted:
            yield Finding(f'found "{found}" where "{wanted}" comes; keep the order of docs/author.md', (found,))
            return


def _typed_forms(item: Item, bank: Bank) -> Iterator[Finding]:
    if not isinstance(item, ShortText):
        return
    for lang, forms in (("vi", item.accepted.vi), ("en", item.accepted.en)):
        for index, form in enumerate(forms):
            if item.judge(form).verdict != "right":
                yield Finding(f'the accepted form "{form}" is not judged right', ("accepted", lang, index))
    for index, mistake in enumerate(item.mistakes):
        for form in filter(None, (mistake.text.vi, mistake.text.en)):
            if (judged := item.judge(form)).verdict != "wrong":
                message = f'the mistake "{form}" is judged {judged.verdict} (like "{judged.matched}")'
                yield Finding(message, ("mistakes", index, "text"))


def _tells_the_key(item: Item, bank: Bank) -> Iterator[Finding]:
    """Hints, and what is said after a wrong answer while another try is left."""
    said = list(_said_before_the_end(item))
    for key in _keys(item):
        for where, text in said:
            if f" {key} " in words_folded(text.vi) and f" {key} " not in words_folded(item.stem.vi):
                yield Finding(f'"{key}" is the answer; leave it to the explanation, so that a retry is worth it', where)
                return


def _said_before_the_end(item: Item) -> Iterator[tuple[tuple[str | int, ...], Text]]:
    if item.hint:
        yield ("hint",), item.hint
    if isinstance(item, ShortText | Numeric):
        yield ("feedback", "wrong"), item.feedback_.wrong
        said = [one.feedback for one in item.mistakes]
        yield from ((("mistakes", index, "feedback"), text) for index, text in enumerate(said))
    if isinstance(item, ChoiceItem):
        for index, option in enumerate(item.options):
            if option.feedback and not option.key:
                yield ("options", index, "feedback"), option.feedback


def _keys(item: Item) -> list[str]:
    if isinstance(item, Numeric):
        return [words_folded(vietnamese_number(item.answer)).strip()]
    if isinstance(item, ShortText):
        return [words_folded(form).strip() for form in item.accepted.vi]
    if isinstance(item, SingleChoice):
        return [words_folded(one.text.vi).strip() for one in item.options if one.key]
    return []


RULES = (
    Rule("missing_feedback", "warning", "Every answer deserves a word.", _warned("missing_feedback")),
    Rule("small_box", "warning", "A finger must hit a place of the picture and no other.", _warned("small_box")),
    Rule("missing_hint", "warning", "A hint lets a learner go on alone; that it was used is recorded.", _missing_hint),
    Rule("missing_explanation", "warning", "Each item leaves one thing to remember.", _missing_explanation),
    Rule("short_alt", "warning", "Who cannot see the picture gets its content in words.", _short_alt),
    Rule("key_order", "warning", "Fields in a fixed order let a diff show the change and nothing else.", _key_order),
    Rule(
        "typed_forms",
        "error",
        "The judge finds accepted forms right and mistakes wrong.",
        _typed_forms,
    ),
    Rule("tells_the_key", "warning", "A second try is worth nothing once the answer was told.", _tells_the_key),
)

"""Rules about options: nothing but knowing should lead to the key."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from math import sqrt

from bdhvs.bank.checks.rule import Finding, Rule
from bdhvs.bank.checks.texts import syllables, words_folded
from bdhvs.bank.loader import Bank
from bdhvs.core.items.base import Item, Option, OutcomeFeedback
from bdhvs.core.items.choice import ChoiceItem
from bdhvs.core.items.single_choice import SingleChoice

LONGER_BY = 1.5  # a key this many times as long as the longest wrong option stands out at first sight
LONGER_SYLLABLES = 4  # … and by at least so many syllables: 3 against 2 is no clue
DEVIATIONS = 2.5  # standard deviations from chance that the whole bank may show; about 1 in 80 by accident
ENOUGH_ITEMS = 8  # fewer say nothing about habits

ALL_OF_THE_ABOVE = re.compile(
    r"tất cả (các |những )?(đáp án|ý|câu|phương án|lựa chọn|điều)( (ở )?trên| đều đúng|$)"
    r"|cả (hai|ba|bốn|a|b) .{0,12}(đều đúng|trên)|all (of the|the|of these)? ?(above|answers are)|both a and b",
    re.IGNORECASE,
)
ABSOLUTE = (
    " luôn luôn ", " tuyệt đối ", " chỉ cần ", " chắc chắn ", " hoàn toàn ", " mọi lúc ", " không bao giờ ",
    " always ", " never ", " absolutely ", " certainly ", " completely ",
)  # fmt: skip


def _longest_key(item: Item, bank: Bank) -> Iterator[Finding]:
    if not isinstance(item, SingleChoice):
        return
    key, wrong = _key_and_wrong(item)
    length, longest = syllables(key.text.vi), max(syllables(one.text.vi) for one in wrong)
    if length > LONGER_BY * longest and length - longest >= LONGER_SYLLABLES:
        message = f"the key has {length} syllables, the longest wrong option {longest}; make them alike"
        yield Finding(message, ("options", item.options.index(key), "text"))


def _longest_key_often(bank: Bank) -> Iterator[Finding]:
    longest, chances = [], []
    for item in _single_choices(bank):
        key, wrong = _key_and_wrong(item)
        lengths = sorted(len(one.text.vi) for one in item.options)
        if lengths[-1] == lengths[-2]:
            continue  # no option stands out
        chances.append(1 / len(item.options))
        if len(key.text.vi) > max(len(one.text.vi) for one in wrong):
            longest.append(item.id)
    if _unlikely(len(longest), chances):
        found = f"the key is the longest option in {len(longest)} of {len(chances)} items, by chance about"
        yield Finding(f"{found} {sum(chances):.0f}; shorten some of: {', '.join(longest)}")


def _key_place(bank: Bank) -> Iterator[Finding]:
    places: Counter[int] = Counter()
    chances: dict[int, list[float]] = {}
    for item in _single_choices(bank):
        places[item.options.index(_key_and_wrong(item)[0])] += 1
        for place in range(len(item.options)):
            chances.setdefault(place, []).append(1 / len(item.options))
    for place, expected in sorted(chances.items()):
        if _unlikely(places[place], expected) or _unlikely(places[place], expected, fewer=True):
            found = f"the key is written as option no. {place + 1} in {places[place]} items, by chance about"
            yield Finding(f"{found} {sum(expected):.0f}; write the options in another order")


def _unlikely(count: int, chances: list[float], fewer: bool = False) -> bool:
    """Whether chance alone seldom gives so many (or so few) hits in trials with these chances."""
    if len(chances) < ENOUGH_ITEMS:
        return False
    distance = count - sum(chances)
    return (-distance if fewer else distance) > DEVIATIONS * sqrt(sum(p * (1 - p) for p in chances))


def _all_of_the_above(item: Item, bank: Bank) -> Iterator[Finding]:
    for index, option in enumerate(_options(item)):
        for text in (option.text.vi, option.text.en or ""):
            if found := ALL_OF_THE_ABOVE.search(text):
                message = f'found "{found[0]}"; ask with multiple_choice, or write an option that can be judged alone'
                yield Finding(message, ("options", index, "text"))
                break


def _absolute_words(item: Item, bank: Bank) -> Iterator[Finding]:
    words = [(one.key, [word.strip() for word in ABSOLUTE if word in _both(one)]) for one in _options(item)]
    if any(key and found for key, found in words):
        return  # a right option uses such a word too, so it gives nothing away
    for index, (_, found) in enumerate(words):
        if found:
            message = f'only wrong options say "{found[0]}", which gives them away; say it without'
            yield Finding(message, ("options", index, "text"))


def _same_feedback(item: Item, bank: Bank) -> Iterator[Finding]:
    said = [words_folded(one.feedback.vi) for one in _options(item) if one.feedback]
    outcome = getattr(item, "feedback_", None)
    if isinstance(outcome, OutcomeFeedback):
        said = [words_folded(outcome.right.vi), words_folded(outcome.wrong.vi)]
    if len(said) > 1 and len(set(said)) == 1:
        where = "feedback" if outcome else "options"
        yield Finding("every answer gets the same feedback; say what each one leads to", (where,))


def _same_option(item: Item, bank: Bank) -> Iterator[Finding]:
    texts = [words_folded(one.text.vi) for one in _options(item)]
    for index, text in enumerate(texts):
        if text in texts[:index]:
            message = f"this option reads like option no. {texts.index(text) + 1}; only one can be right"
            yield Finding(message, ("options", index, "text"))


def _options(item: Item) -> tuple[Option, ...]:
    return item.options if isinstance(item, ChoiceItem) else ()


def _both(option: Option) -> str:
    return words_folded(option.text.vi) + words_folded(option.text.en or "")


def _single_choices(bank: Bank) -> list[SingleChoice]:
    return [item for item in bank.items.values() if isinstance(item, SingleChoice)]


def _key_and_wrong(item: SingleChoice) -> tuple[Option, list[Option]]:
    return next(one for one in item.options if one.key), [one for one in item.options if not one.key]


RULES = (
    Rule("longest_key", "warning", "A key much longer than the rest is found without knowing.", _longest_key),
    Rule(
        "longest_key_often",
        "warning",
        "Who learns that the longest option is right needs to know nothing else.",
        in_bank=_longest_key_often,
    ),
    Rule(
        "key_place",
        "warning",
        "A key often in the same place is a pattern to guess by.",
        in_bank=_key_place,
    ),
    Rule("all_of_the_above", "warning", "Seeing two right options is enough to choose it.", _all_of_the_above),
    Rule("absolute_words", "warning", "Words such as always and never mark wrong options.", _absolute_words),
    Rule("same_feedback", "warning", "Feedback that is the same for all answers teaches nothing.", _same_feedback),
    Rule("same_option", "error", "Two options that read alike cannot be told apart.", _same_option),
)

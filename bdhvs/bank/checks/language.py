"""Rules about words: few, plain, and the same for everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from bdhvs.bank.checks.jargon import EXPLAIN, SAY_INSTEAD
from bdhvs.bank.checks.rule import Finding, Rule
from bdhvs.bank.checks.texts import Role, plain, sentences, syllables, texts_of, with_role, words_folded
from bdhvs.bank.loader import Bank
from bdhvs.core.items.base import Item

#: Most syllables of a text that a phone shows without scrolling and a slow reader holds in mind.
MOST_SYLLABLES: Final[Mapping[Role, int]] = {"stem": 60, "option": 22, "screen": 40, "feedback": 40, "hint": 30, "explanation": 45}
MOST_IN_SENTENCE = 25
LONG_SENTENCE = 20  # longer ones are allowed now and then …
LONG_SENTENCES_SHARE = 0.1  # … in at most this share of all sentences of the bank
JARGON_UP_TO_LEVEL = 3  # from level 4 on a person may be expected to know the word

_NEGATIVE = r"(?:không|chưa|chẳng|đừng)"
_DOUBLE_VI = re.compile(rf"\b{_NEGATIVE}((?:\s+[^\s,;:.?!]+){{0,3}}?)\s+(?:không|chưa|chẳng)\b(?!\s*[?”\"])", re.I)
_NOT_DOUBLE = re.compile(r"\b(có|hay|và|hoặc|nên|thì)\b", re.I)
_DOUBLE_EN = re.compile(
    r"\b(?:not|never|cannot|\w+n['’]t)((?:\s+[^\s,;:.?!]+){0,3}?)\s+(?:not|never|nothing|nobody|without|unless)\b", re.I
)
_ASKS_VI = re.compile(r"\b(?:nào|gì|ai|điều|việc|thứ|câu)\b.*?(?<!để )(?<!hay )\b(không|chưa|trừ)\b(?!\s*[?:]|$)", re.I)
_ASKS_EN = re.compile(r"\b(?:which|what|who)\b.*?\b(not|never|except|\w+n['’]t)\b", re.I)
_BOLD = re.compile(r"\*\*.+?\*\*")


def _double_negative(item: Item, bank: Bank) -> Iterator[Finding]:
    for one in with_role(item, "stem", "option", "screen", "hint", "explanation"):
        found = _DOUBLE_VI.search(plain(one.text.vi))
        if found is None or _NOT_DOUBLE.search(found[1]):
            found = _DOUBLE_EN.search(plain(one.text.en or ""))
        if found and not _NOT_DOUBLE.search(found[1]):
            yield Finding(f'found two negatives in "{found[0]}"; say it without', one.where)


def _unmarked_negative(item: Item, bank: Bank) -> Iterator[Finding]:
    for lang, pattern in (("vi", _ASKS_VI), ("en", _ASKS_EN)):
        text = _BOLD.sub("…", item.stem.in_language(lang)) if lang == "vi" or item.stem.en else ""
        asked = [one for one in re.split(r"(?<=[.!?:])\s+", text) if "?" in one]
        for found in filter(None, (pattern.search(one) for one in asked)):
            yield Finding(f'the question turns on "{found[1]}"; write it in bold: **{found[1]}**', ("stem", lang))
            return


def _no_english(item: Item, bank: Bank) -> Iterator[Finding]:
    missing = [one for one in texts_of(item) if one.text.en is None]
    if missing:
        names = ", ".join(" ".join(str(step) for step in one.where) for one in missing[:3])
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        yield Finding(f"no English text (en) in: {names}{more}", missing[0].where)


def _long_text(item: Item, bank: Bank) -> Iterator[Finding]:
    for one in texts_of(item):
        count, most = syllables(one.text.vi), MOST_SYLLABLES.get(one.role)
        if most and count > most:
            yield Finding(f"the {one.role} has {count} syllables, at most {most} read well on a phone", one.where)


def _long_sentence(item: Item, bank: Bank) -> Iterator[Finding]:
    for one in texts_of(item):
        for sentence in sentences(one.text.vi):
            if (count := syllables(sentence)) > MOST_IN_SENTENCE:
                start = " ".join(sentence.split()[:5])
                message = f'the sentence "{start} …" has {count} syllables, at most {MOST_IN_SENTENCE}; make it two'
                yield Finding(message, one.where)


def _long_sentences_often(bank: Bank) -> Iterator[Finding]:
    lengths = [
        syllables(sentence)
        for item in bank.items.values()
        for one in texts_of(item)
        for sentence in sentences(one.text.vi)
    ]
    share = sum(length > LONG_SENTENCE for length in lengths) / max(1, len(lengths))
    if share > LONG_SENTENCES_SHARE:
        found = f"{share:.0%} of all sentences have more than {LONG_SENTENCE} syllables"
        yield Finding(f"{found}, at most {LONG_SENTENCES_SHARE:.0%} read easily")


def _jargon(item: Item, bank: Bank) -> Iterator[Finding]:
    shown = with_role(item, "stem", "option", "screen")
    if item.level > JARGON_UP_TO_LEVEL:
        return
    everything = "\n".join(one.text.vi for one in shown)
    for word in EXPLAIN:
        using = [one for one in shown if _uses(word, one.text.vi)]
        if using and not _explained(word, everything):
            yield Finding(f'"{word}" is not explained; say what it is in the same sentence', using[0].where)


def _foreign_word(item: Item, bank: Bank) -> Iterator[Finding]:
    for one in texts_of(item):
        for word, instead in SAY_INSTEAD.items():
            if one.role != "mistake" and f" {word} " in words_folded(one.text.vi):
                yield Finding(f'found "{word}" in the Vietnamese text; say "{instead}"', one.where)


def _uses(word: str, text: str) -> bool:
    """Whether the text uses the word; one in capitals only counts in capitals (PIN the code, pin the battery)."""
    if word.isupper():
        return bool(re.search(rf"\b{word}\b", text))
    return f" {word.lower()} " in words_folded(text)


def _explained(word: str, text: str) -> bool:
    """Whether the word stands beside brackets, a comma that explains, or "là"."""
    inside = rf"\([^)]*\b{re.escape(word)}\b"
    after = rf"\b{re.escape(word)}\b[*”\"]*\s*(?:\(|,\s|là\b|:)"
    return bool(re.search(f"{inside}|{after}", plain(text), re.I))


RULES = (
    Rule("double_negative", "warning", "Two negatives test patience, not competence.", _double_negative),
    Rule("unmarked_negative", "warning", "A small word that turns the question is overlooked.", _unmarked_negative),
    Rule("no_english", "warning", "Both languages are complete.", _no_english),
    Rule("long_text", "warning", "A long text does not fit a phone, nor a slow reader's memory.", _long_text),
    Rule("long_sentence", "warning", "Long sentences are hard to hear and to read aloud.", _long_sentence),
    Rule(
        "long_sentences_often", "warning", "A bank of long sentences tires its readers.", in_bank=_long_sentences_often
    ),
    Rule("jargon", "warning", "A beginner knows the thing but not its name.", _jargon),
    Rule("foreign_word", "warning", "There is a Vietnamese word that everybody knows.", _foreign_word),
)

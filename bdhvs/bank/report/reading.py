"""How much an item asks to read before it can be answered, and which items ask too much of their readers.

Counted is Vietnamese as it is written: what stands between spaces is a syllable, mostly, so "điện thoại" counts two. Words
would need a dictionary to cut them apart. The published formulas for Vietnamese rest on the same two things, length of
sentences and of words, and then on a word list: Nguyen and Henkin 1982 and 1985 (letters a word, words a sentence; later the
share of Sino-Vietnamese words), Luong, Nguyen and Dinh 2018, Luong et al. 2020 (frequency, parts of speech). They were fitted
to passages of schoolbooks and prose. An item has forty to a hundred syllables, half of them in options that are no sentences:
outside their range, so no grade is worked out here. What is counted is compared with limits declared in ``quality/reading.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, median

from bdhvs.bank.checks.texts import plain, sentences, syllables, texts_of
from bdhvs.bank.report.screens import longest_screen
from bdhvs.bank.report.standards import Readers, ReadingFile
from bdhvs.core.items.base import Item
from bdhvs.core.items.simulation import Simulation
from bdhvs.core.vietnamese_syllables import parse_syllable

LONG_SYLLABLE = 6  # letters: nghiêng, chuyển, trường; an eye that reads slowly takes these in parts
_READ_FIRST = ("stem", "option", "unit")
_WRITTEN = re.compile(r"[^\s“”\"‘’'()…,;:!?–—]+")
_NUMBER = re.compile(r"[\d.,%+−-]+")
_SLOT = re.compile(r"\{\w+\}")  # of a simulation, filled in while it is played


@dataclass(frozen=True, slots=True)
class ReadingLoad:
    """What stands before the learner at once: stem and options; of a simulation the stem and its longest screen.

    ``syllables``, ``sentences`` ≥ 1; ``mean_sentence``, ``longest_sentence`` in syllables; ``letters`` a syllable;
    ``long_share`` of syllables with `LONG_SYLLABLE` letters or more, ``unusual_share`` of written words that are no Vietnamese
    syllable (names of things, addresses, letters), 0 to 1; ``unusual`` names those.
    """

    item: str
    syllables: int
    sentences: int
    mean_sentence: float
    longest_sentence: int
    letters: float
    long_share: float
    unusual_share: float
    unusual: tuple[str, ...]
    longest: str


@dataclass(frozen=True, slots=True)
class ReadingOf:
    """The load of a group of items: medians over items, the 90th percentile of syllables; all 0 for no items."""

    items: int
    syllables: float
    syllables_90: float
    mean_sentence: float
    longest_sentence: int
    letters: float
    long_share: float
    unusual_share: float


@dataclass(frozen=True, slots=True)
class TooMuch:
    """An item that asks more than its readers can be asked; ``measure`` is a field of `MostToRead`."""

    item: str
    readers: str
    measure: str
    found: float
    most: float
    advice: str


def reading_load(item: Item, familiar: Container[str] = ()) -> ReadingLoad:
    """The load of one item, of its Vietnamese texts. ``familiar``: words in small letters that are not unusual though foreign."""
    texts = _at_once(item)
    written = [word for text in texts for word in _words(text)]
    said = [one for text in texts for one in sentences(_SLOT.sub("", text)) if syllables(one)]
    lengths = [syllables(one) for one in said]
    unusual = [word for word in written if _is_unusual(word) and word.lower() not in familiar]
    longest = max(said, key=syllables)
    return ReadingLoad(
        item=item.id,
        syllables=sum(lengths),
        sentences=len(said),
        mean_sentence=round(mean(lengths), 2),
        longest_sentence=max(lengths),
        letters=round(mean(_letters(word) for word in written), 2) if written else 0.0,
        long_share=_share(sum(_letters(word) >= LONG_SYLLABLE for word in written), len(written)),
        unusual_share=_share(len(unusual), len(written)),
        unusual=tuple(dict.fromkeys(unusual)),
        longest=longest.strip(),
    )


def reading_of(loads: Sequence[ReadingLoad]) -> ReadingOf:
    """The load of a group."""
    if not loads:
        return ReadingOf(0, 0.0, 0.0, 0.0, 0, 0.0, 0.0, 0.0)
    amounts = sorted(one.syllables for one in loads)
    return ReadingOf(
        items=len(loads),
        syllables=median(amounts),
        syllables_90=amounts[min(len(amounts) - 1, int(0.9 * len(amounts)))],
        mean_sentence=round(median(one.mean_sentence for one in loads), 1),
        longest_sentence=max(one.longest_sentence for one in loads),
        letters=round(median(one.letters for one in loads), 2),
        long_share=round(mean(one.long_share for one in loads), 3),
        unusual_share=round(mean(one.unusual_share for one in loads), 3),
    )


def too_much(items: Iterable[Item], loads: Mapping[str, ReadingLoad], limits: ReadingFile) -> Iterator[TooMuch]:
    """Items beyond a limit; of several readers those that take least stand for all."""
    for item in items:
        load = loads[item.id]
        readers = [one for one in limits.readers if one.read(item)]
        for measure, found, advice in _measures(item, load):
            strictest = min(readers, key=lambda one: _most(one, measure), default=None)
            if measure == "unusual" and item.id in limits.meant:
                continue
            if strictest and found > _most(strictest, measure):
                yield TooMuch(item.id, strictest.id, measure, found, _most(strictest, measure), advice)


def _measures(item: Item, load: ReadingLoad) -> tuple[tuple[str, float, str], ...]:
    start = " ".join(load.longest.split()[:6])
    shorter = (
        "shorten the task or its longest screen"
        if item.is_simulator
        else "shorten stem and options, or ask about less at once"
    )
    return (
        ("simulation" if item.is_simulator else "syllables", load.syllables, shorter),
        ("sentence", load.longest_sentence, f'make two sentences of "{start} …"'),
        ("unusual", load.unusual_share, f"say in Vietnamese words: {', '.join(load.unusual[:5])}"),
    )


def _most(readers: Readers, measure: str) -> float:
    return float(getattr(readers.most, measure))


def _at_once(item: Item) -> list[str]:
    """Texts that are read together before answering."""
    texts = [one.text.vi for one in texts_of(item) if one.role in _READ_FIRST]
    return [*texts, *longest_screen(item, syllables)] if isinstance(item, Simulation) else texts


def _words(text: str) -> list[str]:
    found = (word.strip(".") for word in _WRITTEN.findall(_SLOT.sub("", plain(text))))
    return [word for word in found if word and any(sign.isalnum() for sign in word)]


def _letters(word: str) -> int:
    return sum(sign.isalpha() for sign in word)


def _is_unusual(word: str) -> bool:
    """Whether it is neither a number nor made of Vietnamese syllables ("y-tế" is; "Wi-Fi", "OTP" are not)."""
    return not _NUMBER.fullmatch(word) and not all(parse_syllable(part) for part in word.split("-"))


def _share(part: int, whole: int) -> float:
    return round(part / whole, 3) if whole else 0.0

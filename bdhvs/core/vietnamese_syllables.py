"""The parts of a written Vietnamese syllable, and the two freedoms of spelling.

A syllable is onset + nucleus + coda + tone: `nh` + `iê` + `u`..., `qu` + `y` +
`n` + huyền. Two things may be written in two ways without changing the word:

* **where the tone mark sits**: hoà or hòa, thuý or thúy. The Ministry of
  Education sets the mark on the letter of the main vowel: hoà, quý, thuỷ, khoẻ
  (Decision 1989/QĐ-BGDĐT of 25 May 2018, Article 8); most keyboards and
  newspapers keep the older place. No two words differ by the place alone;
* **y or i** for the open syllable's vowel after h, k, l, m, s, t (kí, ký) and
  after qu (quý, quí). Schoolbooks write i there (same Decision, Article 9;
  before it Decision 240/QĐ of 5 March 1984), most other people y.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bdhvs.core.vietnamese_letters import TONES

_WORD: Final = re.compile(r"[^\W\d_]+")
_SYLLABLE: Final = re.compile(
    "(ngh|ng|nh|ch|tr|th|kh|ph|gh|gi(?=[aăâeêoôơuư])|qu(?=[aăâeêioôơy])|[bcdđghklmnprstvx]?)"
    "([aăâeêioôơuưy]+)"
    "(ch|nh|ng|[cmnptk])?",
    re.IGNORECASE,
)
_ONE_LETTER: Final = "a ă â e ê i o ô ơ u ư y"
_TWO_LETTERS: Final = (
    "ai ao au ay âu ây eo êu ia iê iu oa oă oe oi ôi ơi oo ua uâ uê ui uô uơ uy ưa ưi ươ ưu yê"
)
_THREE_LETTERS: Final = "iêu yêu oai oao oay oeo uây uôi uya uyê uyu ươi ươu"
_NUCLEI: Final = frozenset(f"{_ONE_LETTER} {_TWO_LETTERS} {_THREE_LETTERS}".split())
_MAIN_VOWEL_SECOND: Final = frozenset({"oa", "oe", "oo", "uy", "oai", "oao", "oay", "oeo", "uya", "uyu"})
"""Nuclei whose first letter is a glide (or half of oo), so the second is main."""

_Y_OR_I_AFTER: Final = frozenset("hklmst")


@dataclass(frozen=True, slots=True)
class Syllable:
    """A syllable in parts, letter case kept; `tone` is a combining mark or ""."""

    onset: str
    nucleus: str
    coda: str
    tone: str

    def spelled(self) -> str:
        """The syllable in NFC with the tone on its main vowel."""
        cut = len(self.onset) + main_vowel(self.nucleus) + 1
        bare = self.onset + self.nucleus + self.coda
        return unicodedata.normalize("NFC", bare[:cut] + self.tone + bare[cut:])


@lru_cache(maxsize=8192)  # Vietnamese has fewer syllables; scoring asks for the same ones all day
def parse_syllable(word: str) -> Syllable | None:
    """The parts of one word, wherever its tone mark sits; None when it is no syllable.

    "gìa" and "già" both give gi + a: after g only gi- can precede a vowel, as
    g + i is written ghi. "gì" itself is g + i.
    """
    apart = unicodedata.normalize("NFD", word)
    tones = [mark for mark in apart if mark in TONES]
    toneless = unicodedata.normalize("NFC", "".join(s for s in apart if s not in TONES))
    match = _SYLLABLE.fullmatch(toneless)
    if match is None or len(tones) > 1 or match[2].lower() not in _NUCLEI:
        return None
    return Syllable(match[1], match[2], match[3] or "", "".join(tones))


def main_vowel(nucleus: str) -> int:
    """The place in the nucleus where the tone mark belongs (Decision 1989, Article 8).

    The last letter with its own mark (ê of iê, ơ of ươ; ư of ưa), otherwise the
    main vowel: second after a glide (oa, uy), first elsewhere (ia, ua, ai).
    """
    marked = [place for place, letter in enumerate(nucleus.lower()) if letter in "ăâêôơư"]
    if marked:
        return marked[-1]
    return 1 if nucleus.lower() in _MAIN_VOWEL_SECOND else 0


def unify_tone_place(text: str) -> str:
    """The text with every tone mark on the main vowel of its syllable.

    Words that are not Vietnamese syllables ("café") are left alone.
    """
    return _each_word(text, _tone_on_main_vowel)


def unify_y_i(text: str) -> str:
    """The text with i after h, k, l, m, s, t and y after qu where both are usual.

    Only where the letter is the whole nucleus: tay and tai, thúy and thúi stay
    apart. Alone or word-first it is not free either: ý, y tế are always y, and
    ỉ, ì ạch always i (Decision 240 leaves these to custom), so ý is not í.
    Article 9 lets proper names keep their own letter; an item that asks for
    the exact name (Lý, not Lí) switches this treatment off.
    """
    return _each_word(text, _usual_y_or_i)


def _each_word(text: str, change: Callable[[str], str]) -> str:
    composed = unicodedata.normalize("NFC", text)
    return _WORD.sub(lambda found: change(found[0]), composed)


def _tone_on_main_vowel(word: str) -> str:
    syllable = parse_syllable(word)
    return word if syllable is None else syllable.spelled()


def _usual_y_or_i(word: str) -> str:
    syllable = parse_syllable(word)
    if syllable is None or syllable.nucleus.lower() not in ("i", "y"):
        return word
    if syllable.onset.lower() == "qu":
        return _with_letters(word, "iI", "yY")
    if syllable.onset.lower() in _Y_OR_I_AFTER and not syllable.coda:
        return _with_letters(word, "yY", "iI")
    return word


def _with_letters(word: str, old: str, new: str) -> str:
    """The word with its only i or y replaced; the tone keeps its letter."""
    apart = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", apart.translate(str.maketrans(old, new)))

"""Vietnamese text made comparable: named treatments, in a fixed order.

A typed answer and an accepted form are put through the same treatments and then
compared letter by letter. A treatment removes a difference that does *not*
change the word. Marks are never dropped and near spellings never accepted here:
má, ma and mã are three words.

>>> normalise("  Tòan   quí. ") == normalise("toàn quý")
True
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from bdhvs.core.vietnamese_letters import compose, compose_letters, unify_spaces, without_diacritics
from bdhvs.core.vietnamese_numbers import parse_number
from bdhvs.core.vietnamese_syllables import unify_tone_place, unify_y_i

__all__ = ["SURFACE", "TREATMENTS", "compose", "normalise", "parse_number", "without_diacritics"]

TREATMENTS: Final = ("compose", "case", "spaces", "closing_punctuation", "tone_place", "y_i")
"""All treatments in their order. An author may switch some off per item."""

SURFACE: Final = TREATMENTS[:4]
"""The treatments that leave the spelling of words alone."""

_SENTENCE_ENDS: Final = ".!?…,;:。！？，；："
_QUOTES: Final = "\"'`“”„‘’‚«»‹›"


def normalise(text: str, treatments: Sequence[str] = TREATMENTS) -> str:
    """The text after the named treatments.

    Parameters
    ----------
    text : any text, also empty or not Vietnamese.
    treatments : names out of `TREATMENTS`. They are always applied in the order
        of `TREATMENTS`, so that normalising twice is normalising once.

    Raises
    ------
    ValueError : a name is not in `TREATMENTS`.
    """
    return _treated(text, tuple(treatments))


@lru_cache(maxsize=8192)  # accepted forms come back with every answer, common answers with every class
def _treated(text: str, treatments: tuple[str, ...]) -> str:
    if unknown := [name for name in treatments if name not in _TREATMENT]:
        raise ValueError(f"unknown treatments {unknown}; known are {list(TREATMENTS)}")
    for name in TREATMENTS:
        if name in treatments:
            text = _TREATMENT[name](text)
    return text


def without_case(text: str) -> str:
    """The text in small letters, in NFC ("Ẽ" typed as E + tilde stays one letter)."""
    return unicodedata.normalize("NFC", text.lower())


def without_closing_punctuation(text: str) -> str:
    """The text without sentence signs at its end and quotes around it.

    Signs inside stay ("3.5", "vidu.vn"), a lone quote stays (5" is a size), and
    a text of nothing but signs keeps its last layer, so "?" can be an answer.
    """
    while (shorter := _outer_layer_removed(text)) not in ("", text):
        text = shorter
    return text


def _outer_layer_removed(text: str) -> str:
    bare = text.rstrip(_SENTENCE_ENDS)
    if bare != text:
        bare = bare.rstrip()
    if len(bare) > 2 and bare[0] in _QUOTES and bare[-1] in _QUOTES:
        bare = bare[1:-1].strip()
    return bare


_TREATMENT: Final[Mapping[str, Callable[[str], str]]] = {
    "compose": compose_letters,
    "case": without_case,
    "spaces": unify_spaces,
    "closing_punctuation": without_closing_punctuation,
    "tone_place": unify_tone_place,
    "y_i": unify_y_i,
}

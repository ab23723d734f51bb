"""What Telex or VNI keystrokes spell, for people whose input method was off.

Someone used to Telex types `maatj khaaur` and someone used to VNI `ma65t kha63u`
without looking up; both know the word "mật khẩu". The keys say exactly one
thing, up to a few freedoms every input method grants (UniKey and its relatives
agree on them): a mark may be typed at once or at the end of the word (`maajt`,
`maatj`, `matja`; `d` and `w` likewise: `dduwowngf`, `duongwfd`), and one w (or
7) serves both letters of ươ.

Nothing is guessed. A word is read only when it is plain ASCII, uses every key,
and spells a whole Vietnamese syllable. One key per tone: `maxx`, which a method
would turn back into "max", has no reading.

| marks | Telex | VNI |
|---|---|---|
| sắc huyền hỏi ngã nặng | s f r x j (z takes the tone off) | 1 2 3 4 5 |
| â ê ô | aa ee oo (ooo: plain oo, xooong) | 6 |
| ơ ư, ă | w | 7, 8 |
| đ | dd | 9 |

Not read: `[` and `]` for ơ and ư, which few use, and VNI's 0, because A10 and
A0 would lose their digits.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final, NamedTuple

from bdhvs.core.vietnamese import SURFACE, normalise
from bdhvs.core.vietnamese_syllables import parse_syllable

MOST_KEYS: Final = 12
"""Keys in the longest word read; "nghiêng" with all its marks takes 9."""

_TELEX_TONES: Final = {"f": "\u0300", "s": "\u0301", "x": "\u0303", "r": "\u0309", "j": "\u0323"}
_VNI_TONES: Final = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_CIRCUMFLEX: Final = {"a": "â", "e": "ê", "o": "ô", "A": "Â", "E": "Ê", "O": "Ô"}
_HORN: Final = {"o": "ơ", "u": "ư", "O": "Ơ", "U": "Ư"}
_BREVE: Final = {"a": "ă", "A": "Ă"}
_BAR: Final = {"d": "đ", "D": "Đ"}
_VOWELS: Final = frozenset("aăâeêioôơuưy")
_MOST_VOWELS: Final = 4
"""Vowel letters in one syllable: three of the nucleus and the i of gi or u of qu."""

_PIECE: Final = re.compile(r"([^\W_]+)")


class Reading(NamedTuple):
    """What the keys so far have spelled: letters without tone, and the tone."""

    letters: str
    tone: str


def spells(
    typed: str, accepted: str, method: str, treatments: Sequence[str], as_typed: Collection[str]
) -> bool:
    """Whether the typed keys spell the accepted form, word for word.

    Parameters
    ----------
    typed, accepted : as written; differences in `treatments` do not count.
    method : "telex" or "vni"; one method for the whole text.
    treatments : as in `normalise`. The place of the tone never counts, as keys
        do not tell it.
    as_typed : words, in small letters, that are never read as keys.
    """
    surface = tuple(name for name in SURFACE if name in treatments)
    words, between = _pieces(typed, surface)
    forms, between_forms = _pieces(accepted, surface)
    if between != between_forms:
        return False
    return all(
        normalise(word, treatments) == normalise(form, treatments)
        or (word.lower() not in as_typed and _word_spells(word, form, method, treatments))
        for word, form in zip(words, forms, strict=True)
    )


@lru_cache(maxsize=8192)
def _pieces(text: str, treatments: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of a normalised text, and what stands around and between them."""
    pieces = _PIECE.split(normalise(text, treatments))
    return tuple(pieces[1::2]), tuple(pieces[::2])


def _word_spells(word: str, form: str, method: str, treatments: Sequence[str]) -> bool:
    wanted = (*treatments, "tone_place")
    return normalise(form, wanted) in {normalise(spelled, wanted) for spelled in readings(word, method)}


@lru_cache(maxsize=4096)
def readings(word: str, method: str) -> frozenset[str]:
    """All syllables that the keys of one word spell; none when they spell no syllable."""
    if len(word) > MOST_KEYS or not word.isascii():
        return frozenset()
    press = _PRESS[method]
    states = {Reading("", "")}
    for key in word:
        states = {after for state in states for after in press(state, key) if _may_be_syllable(after)}
    return frozenset(spelled for state in states for spelled in _finished(state))


def _may_be_syllable(state: Reading) -> bool:
    """Whether to read on; without these bounds long nonsense would branch and branch. Letters are never taken back."""
    small = state.letters.lower()
    return (
        sum(letter in _VOWELS for letter in small) <= _MOST_VOWELS
        and small.rfind("d") <= 0  # d and đ only begin a syllable
        and small.rfind("đ") <= 0
    )


def _finished(state: Reading) -> list[str]:
    """The reading written out; ưo before another letter also stands for ươ."""
    spellings = {state.letters, re.sub("(?i)(?<=ư)o", lambda o: _HORN[o[0]], state.letters)}
    syllables = [parse_syllable(letters) for letters in spellings]
    return [replace(syllable, tone=state.tone).spelled() for syllable in syllables if syllable]


def _press_telex(state: Reading, key: str) -> list[Reading]:
    small = key.lower()
    if small in _TELEX_TONES and _has_vowel(state):
        return _toned(state, _TELEX_TONES[small])
    if small == "z" and state.tone:
        return [Reading(state.letters, "")]
    if small == "w":
        return _horned(state) + _marked(state, _BREVE) or [_written(state, "ư" if key == "w" else "Ư")]
    if small in "aeo":
        return _doubled(state, key, _CIRCUMFLEX)
    if small == "d":
        return _doubled(state, key, _BAR)
    return [_written(state, key)]


def _press_vni(state: Reading, key: str) -> list[Reading]:
    if key in _VNI_TONES and _has_vowel(state):
        return [] if state.tone else _toned(state, _VNI_TONES[key])
    if key == "6":
        return _marked(state, _CIRCUMFLEX)
    if key == "7":
        return _horned(state)
    if key == "8":
        return _marked(state, _BREVE)
    if key == "9":
        return _marked(state, _BAR)
    return [_written(state, key)]


_PRESS: Final[Mapping[str, Callable[[Reading, str], list[Reading]]]] = {
    "telex": _press_telex,
    "vni": _press_vni,
}


def _has_vowel(state: Reading) -> bool:
    return any(letter in _VOWELS for letter in state.letters.lower())


def _toned(state: Reading, tone: str) -> list[Reading]:
    """The state with a new tone; the same tone again would be an undo: no reading."""
    return [] if tone == state.tone else [Reading(state.letters, tone)]


def _written(state: Reading, letter: str) -> Reading:
    return Reading(state.letters + letter, state.tone)


def _marked(state: Reading, marks: Mapping[str, str]) -> list[Reading]:
    """One reading for each letter that can take the mark."""
    return [_with_letter(state, place, marks[old]) for place, old in enumerate(state.letters) if old in marks]


def _with_letter(state: Reading, place: int, letter: str) -> Reading:
    return Reading(state.letters[:place] + letter + state.letters[place + 1 :], state.tone)


def _horned(state: Reading) -> list[Reading]:
    """Readings with a horn on one letter, and on both where u and o are neighbours."""
    pair = re.sub("(?i)uo", lambda uo: _HORN[uo[0][0]] + _HORN[uo[0][1]], state.letters)
    both = [Reading(pair, state.tone)] if pair != state.letters else []
    return both + _marked(state, _HORN)


def _doubled(state: Reading, key: str, marks: Mapping[str, str]) -> list[Reading]:
    """The key as second press for the same letter, as a new letter, or (ooo) as undo.

    Right after its letter the second press always marks; further on it may be a
    letter of its own (the second o of "ngoeo").
    """
    last = state.letters[-1:]
    if last.lower() == marks[key].lower():
        return [Reading(state.letters[:-1] + key + key, state.tone)]
    marking = _marked(state, {old: marks[old] for old in (key.lower(), key.upper())})
    return marking if last.lower() == key.lower() else [*marking, _written(state, key)]

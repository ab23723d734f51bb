"""Answers that are not right but close: lost marks, and near spellings.

Lost marks ("mat khau", "mật khau") are met kindly. Near spellings are only
*shown* to authors and teachers, so that a class's common mistake is seen or a
missing accepted form is found; they are never marked right.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from bdhvs.core.vietnamese_letters import TONES, decompose, letters_with_marks

ONE_EDIT_FROM: Final = 4
TWO_EDITS_FROM: Final = 8
"""Letters an accepted form needs before one (two) edits count as near; in
shorter words one letter makes another word (má, mã)."""

_WORD_APART: Final = re.compile("(?:[^\\W\\d_][\u0300-\u036f]*)+")
_TONE: Final = re.compile(f"[{TONES}]")
_CONFUSED_ONSETS: Final = (
    (re.compile(r"\btr"), "ch"),
    (re.compile(r"\bx"), "s"),
    (re.compile(r"\bgi(?=[aăâeêoôơuưàằầèềòồờùừáắấéếóốớúứãẵẫẽễõỗỡũữạặậẹệọộợụự])"), "d"),
    (re.compile(r"\bg(?=[iìíĩị])"), "d"),
    (re.compile(r"\br"), "d"),
    (re.compile(r"\bl"), "n"),
)


def lacks_only_marks(typed: str, accepted: str, *, tone_place_counts: bool = False) -> bool:
    """Whether the typed text is the accepted one with some marks left out.

    Every mark that *was* typed must be right: "mât khẩu" lacks a mark, "mắt
    khẩu" has a wrong one. đ without its bar lacks a mark. Both texts normalised.

    Parameters
    ----------
    tone_place_counts : the tone must also sit on the same letter; otherwise a
        word's tone may sit anywhere in it ("muón" for "muốn").
    """
    there, wanted = (_marks_by_letter(text, tone_place_counts) for text in (typed, accepted))
    if [letter for letter, _ in there] != [letter for letter, _ in wanted]:
        return False
    pairs = [(set(have), set(need)) for (_, have), (_, need) in zip(there, wanted, strict=True)]
    return all(have <= need for have, need in pairs) and any(have < need for have, need in pairs)


def is_near_spelling(typed: str, accepted: str) -> bool:
    """Whether two normalised texts differ by a slip or by sounds that people confuse."""
    if typed == accepted:
        return False
    edits = (len(accepted) >= ONE_EDIT_FROM) + (len(accepted) >= TWO_EDITS_FROM)
    return _within(typed, accepted, edits) or _as_heard(typed) == _as_heard(accepted)


@lru_cache(maxsize=8192)
def _marks_by_letter(text: str, tone_place_counts: bool) -> list[tuple[str, str]]:
    return letters_with_marks(text if tone_place_counts else _WORD_APART.sub(_tone_last, decompose(text)))


def _tone_last(word: re.Match[str]) -> str:
    """The word with its only tone mark behind its last letter."""
    tones = _TONE.findall(word[0])
    return _TONE.sub("", word[0]) + tones[0] if len(tones) == 1 else word[0]


@lru_cache(maxsize=8192)
def _as_heard(text: str) -> str:
    """The text with one spelling for each pair that many speakers pronounce alike.

    s/x, ch/tr, d/gi/r and n/l at the head of a word, and the tones hỏi/ngã.
    """
    heard = unicodedata.normalize(
        "NFC", unicodedata.normalize("NFD", text.lower()).replace("\u0309", "\u0303")
    )
    for onset, sound in _CONFUSED_ONSETS:
        heard = onset.sub(sound, heard)
    return heard


def _within(one: str, other: str, edits: int) -> bool:
    """Whether at most `edits` letters are changed, left out or put in (edits <= 2)."""
    if abs(len(one) - len(other)) > edits:
        return False
    same = _shared_start(one, other)
    one, other = one[same:], other[same:]
    if not one or not other:
        return True
    return edits > 0 and any(
        _within(rest, other_rest, edits - 1)
        for rest, other_rest in ((one[1:], other[1:]), (one[1:], other), (one, other[1:]))
    )


def _shared_start(one: str, other: str) -> int:
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return place
    return min(len(one), len(other))

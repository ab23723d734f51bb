"""The judge of typed short answers: right, almost or wrong, and why.

It asks in this order and stops at the first yes:

1. Is it an accepted form, up to the item's treatments? right
2. Do its keys spell one in Telex or VNI? right
3. Is it one with marks left out? almost (right when the author says so)
4. Does it look like one? wrong, but shown to authors and teachers
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from bdhvs.core.listed_words import LISTED_WORDS, WORDS_WITH_DOUBLE_O
from bdhvs.core.near_misses import is_near_spelling, lacks_only_marks
from bdhvs.core.typing_methods import spells
from bdhvs.core.vietnamese import SURFACE, TREATMENTS, compose, normalise

__all__ = ["REASONS", "TREATMENTS", "TypedVerdict", "judge_typed"]

Verdict = Literal["right", "almost", "wrong"]

REASONS: Final = {
    "exact": "the accepted form itself, in whatever Unicode encoding",
    "case": "right but for capital and small letters",
    "spaces": "right but for spaces: doubled, around it, or of a special kind",
    "punctuation": "right but for sentence signs after it or quotes around it",
    "tone_place": "right, the tone mark sits on another letter of the syllable (hòa, hoà)",
    "y_i": "right, y for i or i for y where both are usual (ký, kí)",
    "telex": "Telex keys spell an accepted form (maatj khaaur)",
    "vni": "VNI keys spell an accepted form (ma65t kha63u)",
    "no_diacritics": "an accepted form with some or all marks left out (mat khau)",
    "near_spelling": "wrong, close to an accepted form: a slip or confused sounds",
    "empty": "wrong, nothing visible was typed",
    "other": "wrong, like no accepted form",
}
"""Every reason with its meaning. The codes are stable; stored answers carry them.

Where several treatments were needed the reason names the last of them, in the
order of `TREATMENTS`: the one furthest from plain copying.
"""

_REASON_OF_TREATMENT: Final = {"compose": "exact", "closing_punctuation": "punctuation"}


@dataclass(frozen=True, slots=True)
class TypedVerdict:
    """What the judge says about one typed answer."""

    verdict: Verdict
    """An "almost" is a retry in practice and not right in an assessment."""
    reason: str
    """A key of `REASONS`."""
    matched: str | None
    """The accepted form it was compared to, as the author wrote it; None when none was near."""


def judge_typed(
    typed: str,
    accepted: Sequence[str],
    *,
    without_diacritics: Literal["almost", "right"] = "almost",
    treatments: Sequence[str] = TREATMENTS,
    listed: Collection[str] = (),
) -> TypedVerdict:
    """The verdict on one typed answer.

    Parameters
    ----------
    typed : what came from the learner; callers cap it at 500 signs.
    accepted : every right form, in the author's order; blank ones are ignored.
    without_diacritics : what an answer is worth whose marks are partly or
        wholly *left out*. A wrong mark stays wrong under both.
    treatments : differences that do not count; see `bdhvs.core.vietnamese`.
    listed : the author's typical mistakes; never read as Telex or VNI keys,
        like the words of `bdhvs.core.listed_words`.

    Raises
    ------
    ValueError : unknown treatment.
    """
    return _judged(typed, tuple(accepted), without_diacritics, tuple(treatments), tuple(listed))


# A class types the same few answers again and again, and a wrong one is compared with every form in every way:
# some 300 µs against 20 forms, 1 µs when somebody typed it before.
@lru_cache(maxsize=4096)
def _judged(
    typed: str,
    accepted: tuple[str, ...],
    without_diacritics: Literal["almost", "right"],
    treatments: tuple[str, ...],
    listed: tuple[str, ...],
) -> TypedVerdict:
    forms = [form for form in accepted if compose(form)]
    if not compose(typed):
        return TypedVerdict("wrong", "empty", None)
    return (
        _same_word(typed, forms, treatments)
        or _same_keys(typed, forms, treatments, listed)
        or _marks_left_out(typed, forms, treatments, without_diacritics)
        or _near(typed, forms, treatments)
        or TypedVerdict("wrong", "other", None)
    )


def _same_word(typed: str, forms: Iterable[str], treatments: Sequence[str]) -> TypedVerdict | None:
    seen = normalise(typed, treatments)
    same = [form for form in forms if normalise(form, treatments) == seen]
    if not same:
        return None
    rank, first = min(
        (_last_treatment_needed(typed, form, treatments), place) for place, form in enumerate(same)
    )
    name = TREATMENTS[rank] if rank >= 0 else "compose"
    return TypedVerdict("right", _REASON_OF_TREATMENT.get(name, name), same[first])


def _last_treatment_needed(typed: str, form: str, treatments: Sequence[str]) -> int:
    """The place in `TREATMENTS` of the last treatment without which the two differ; -1: none."""
    used: list[str] = []
    for rank, name in enumerate(TREATMENTS):
        if normalise(typed, used) == normalise(form, used):
            return rank - 1
        used += [name] if name in treatments else []
    return len(TREATMENTS) - 1


def _same_keys(
    typed: str, forms: Iterable[str], treatments: Sequence[str], listed: Collection[str]
) -> TypedVerdict | None:
    if _is_listed(typed, treatments, listed):
        return None
    for method in ("telex", "vni"):
        for form in forms:
            if spells(typed, form, method, treatments, WORDS_WITH_DOUBLE_O):
                return TypedVerdict("right", method, form)
    return None


def _is_listed(typed: str, treatments: Sequence[str], listed: Collection[str]) -> bool:
    """Whether the whole typed text is a word (or an author's mistake) as it stands."""
    seen = normalise(typed, treatments)
    return normalise(typed, SURFACE) in LISTED_WORDS or any(
        normalise(text, treatments) == seen for text in listed
    )


def _marks_left_out(
    typed: str, forms: Iterable[str], treatments: Sequence[str], worth: Literal["almost", "right"]
) -> TypedVerdict | None:
    seen = normalise(typed, treatments)
    place_counts = "tone_place" not in treatments
    for form in forms:
        if lacks_only_marks(seen, normalise(form, treatments), tone_place_counts=place_counts):
            return TypedVerdict(worth, "no_diacritics", form)
    return None


def _near(typed: str, forms: Iterable[str], treatments: Sequence[str]) -> TypedVerdict | None:
    # Also as the author spelled it: thúi is one letter from thúy, two from thuý.
    views = (treatments, [name for name in SURFACE if name in treatments])
    for form in forms:
        pairs = {(normalise(typed, view), normalise(form, view)) for view in views}  # mostly one, seen twice
        if any(is_near_spelling(one, other) for one, other in pairs):
            return TypedVerdict("wrong", "near_spelling", form)
    return None

"""The judge of typed answers. Cases, which a teacher may add to: cases/typed_answers.yaml."""

import unicodedata
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from bdhvs.core.listed_words import ENGLISH_WORDS, LISTED_WORDS, WORDS_WITH_DOUBLE_O
from bdhvs.core.typed_answer import REASONS, TREATMENTS, TypedVerdict, judge_typed
from bdhvs.core.typing_methods import readings
from bdhvs.core.vietnamese import compose, normalise, without_diacritics
from bdhvs.core.vietnamese_syllables import Syllable

GROUPS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "typed_answers.yaml").read_text("utf-8")
)
SETTINGS = ("without_diacritics", "treatments", "listed")
CASES = [
    pytest.param(group, answer, id=f"{group['title']}: {answer['typed']!r}, {answer['why']}")
    for group in GROUPS
    for answer in group["answers"]
]


@pytest.mark.parametrize(("group", "answer"), CASES)
def test_a_typed_answer_gets_the_verdict_a_teacher_would_give(
    group: dict[str, Any], answer: dict[str, Any]
) -> None:
    settings = {name: group[name] for name in SETTINGS if name in group}
    verdict = judge_typed(answer["typed"], group["accepted"], **settings)
    assert (verdict.verdict, verdict.reason) == (answer["verdict"], answer["reason"])


def test_the_golden_file_is_large_enough_and_shows_every_reason() -> None:
    assert len(CASES) >= 320
    assert {answer["reason"] for group in GROUPS for answer in group["answers"]} == set(REASONS)


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group["title"])
def test_a_group_of_cases_is_complete_and_says_nothing_twice(group: dict[str, Any]) -> None:
    assert set(group) <= {"title", "accepted", "answers", *SETTINGS}
    assert all(set(answer) == {"typed", "verdict", "reason", "why"} for answer in group["answers"])
    typed = [answer["typed"] for answer in group["answers"]]
    assert len(set(typed)) == len(typed)


# Generators -------------------------------------------------------------------------------------------------------

ONSETS = "b c ch d đ g gi h k kh l m n ng ngh nh ph qu r s t th tr v x"
OPEN = """
    a e ê i o ô ơ u ư y ai ao ay âu ây eo êu ia iu oa oe oi ôi ơi ua ui uê uy ưa ưi ưu iêu oai oay oeo uôi uyu ươi ươu
"""
CLOSED = "a ă â e ê i o ô u ư iê oa oă oo uâ uô uy uyê ươ"
CODAS = "c ch m n ng nh p t"
TONES = {"\u0300": "f2", "\u0301": "s1", "\u0303": "x4", "\u0309": "r3", "\u0323": "j5"}
TELEX = {"oo": "ooo", "â": "aa", "ê": "ee", "ô": "oo", "ă": "aw", "ơ": "ow", "ư": "uw", "đ": "dd"}
VNI = {"â": "a6", "ê": "e6", "ô": "o6", "ă": "a8", "ơ": "o7", "ư": "u7", "đ": "d9"}

any_text = st.text(st.characters(exclude_categories=()), max_size=40)
tones = st.sampled_from(["", *TONES])
onsets = st.sampled_from(["", *ONSETS.split()])
open_syllables = st.builds(Syllable, onsets, st.sampled_from(OPEN.split()), st.just(""), tones)
closed_syllables = st.builds(
    Syllable, onsets, st.sampled_from(CLOSED.split()), st.sampled_from(CODAS.split()), tones
)
syllables = (open_syllables | closed_syllables).filter(lambda syllable: not _is_ambiguous(syllable))
phrases = st.lists(syllables.map(Syllable.spelled), min_size=1, max_size=4).map(" ".join)


def _is_ambiguous(syllable: Syllable) -> bool:
    """gi + iê, qu + uô and the like are written giê and quô, which are gi + ê and qu + ô."""
    return (syllable.onset, syllable.nucleus[0]) in {("gi", "i"), ("qu", "u"), ("qu", "ư")}


def keys_of(syllable: Syllable, method: str, place: int) -> str:
    """The syllable as typed: marks at once, the tone after `place` more letters than it needs."""
    table, column = (TELEX, 0) if method == "telex" else (VNI, 1)
    nucleus = [syllable.nucleus] if syllable.nucleus == "oo" else syllable.nucleus
    keys = [table.get(letter, letter) for letter in (*syllable.onset, *nucleus, *syllable.coda)]
    if syllable.tone:
        keys.insert(min(len(syllable.onset) + 1 + place, len(keys)), TONES[syllable.tone][column])
    return "".join(keys)


# Laws -------------------------------------------------------------------------------------------------------------


@given(any_text, st.lists(any_text, max_size=3))
def test_no_text_makes_the_judge_fail(typed: str, accepted: list[str]) -> None:
    verdict = judge_typed(typed, accepted)
    assert verdict.reason in REASONS
    assert verdict.matched is None or verdict.matched in accepted


@given(any_text | phrases, st.lists(any_text, max_size=3), st.lists(st.sampled_from(TREATMENTS), unique=True))
def test_an_accepted_form_is_always_right(form: str, others: list[str], treatments: list[str]) -> None:
    assume(compose(form))
    assert judge_typed(form, [*others, form], treatments=treatments).verdict == "right"


@given(any_text | phrases, phrases)
def test_decomposed_and_composed_answers_get_one_verdict(typed: str, form: str) -> None:
    apart, together = (unicodedata.normalize(kind, typed) for kind in ("NFD", "NFC"))
    assert judge_typed(apart, [form]) == judge_typed(together, [form])
    assert (
        judge_typed(typed, [unicodedata.normalize("NFD", form)]).verdict == judge_typed(typed, [form]).verdict
    )


@given(phrases, st.data())
def test_dropping_marks_is_almost_and_never_right(form: str, data: st.DataObject) -> None:
    places = [place for place, letter in enumerate(form) if without_diacritics(letter) != letter]
    assume(places)
    dropped = data.draw(st.sets(st.sampled_from(places), min_size=1))
    typed = "".join(without_diacritics(letter) if i in dropped else letter for i, letter in enumerate(form))
    assert judge_typed(typed, [form]) == TypedVerdict("almost", "no_diacritics", form)
    assert judge_typed(typed, [form], without_diacritics="right").verdict == "right"


@given(syllables, tones)
def test_a_wrong_tone_is_never_right_nor_almost(syllable: Syllable, tone: str) -> None:
    assume(tone not in ("", syllable.tone))
    wrong = Syllable(syllable.onset, syllable.nucleus, syllable.coda, tone).spelled()
    for worth in ("almost", "right"):
        assert judge_typed(wrong, [syllable.spelled()], without_diacritics=worth).verdict == "wrong"


@given(syllables, st.sampled_from(("telex", "vni")), st.integers(0, 5))
def test_what_a_method_types_is_read_back(syllable: Syllable, method: str, place: int) -> None:
    typed = keys_of(syllable, method, place)
    assume(typed != syllable.spelled())
    spelled = {normalise(reading) for reading in readings(typed, method)}
    assert normalise(syllable.spelled()) in spelled


@given(syllables, syllables, st.sampled_from(("telex", "vni")), st.integers(0, 5))
def test_keys_of_one_syllable_never_pass_for_another(
    one: Syllable, other: Syllable, method: str, place: int
) -> None:
    assume(normalise(one.spelled()) != normalise(other.spelled()))
    typed = keys_of(one, method, place)
    verdict = judge_typed(typed, [other.spelled()])
    assert verdict.verdict != "right"


@given(st.text("aeodwsfrxjz123456789", max_size=500))
def test_long_nonsense_of_keys_is_read_without_branching_out(typed: str) -> None:
    for method in ("telex", "vni"):
        assert all(len(readings(word, method)) <= 8 for word in typed.split("z"))


# Listed words -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["telex", "vni"])
def test_a_listed_word_never_passes_for_what_its_keys_spell(method: str) -> None:
    for word in LISTED_WORDS:
        for spelled in readings(word, method) - {word}:
            assert judge_typed(word, [spelled]).verdict != "right", word


def test_listed_words_are_small_plain_and_most_would_be_read() -> None:
    assert all(word == word.lower() and word.isascii() and word.isalnum() for word in LISTED_WORDS)
    readable = [word for word in ENGLISH_WORDS if readings(word, "telex") - {word}]
    assert len(readable) / len(ENGLISH_WORDS) > 0.9


def test_words_with_a_long_o_are_kept_within_a_longer_answer() -> None:
    for word in WORDS_WITH_DOUBLE_O:
        steamed = word.replace("oo", "ô")
        assert judge_typed(f"caais {word}", [f"cấi {steamed}"]).verdict == "wrong"


# The public face --------------------------------------------------------------------------------------------------


def test_the_matched_form_is_the_one_nearest_to_what_was_typed() -> None:
    assert judge_typed("Mật khẩu", ["mật khẩu", "Mật khẩu"]) == TypedVerdict("right", "exact", "Mật khẩu")
    assert judge_typed("hoà", ["Hòa", "hoà"]).matched == "hoà"


def test_blank_accepted_forms_accept_nothing() -> None:
    assert judge_typed("", ["", " "]) == TypedVerdict("wrong", "empty", None)
    assert judge_typed("a", ["", "\u200b"]) == TypedVerdict("wrong", "other", None)


def test_an_unknown_treatment_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown treatments"):
        judge_typed("má", ["má"], treatments=["tones"])

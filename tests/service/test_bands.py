"""From files of cut scores to bands and to sentences."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("numpy")
pytest.importorskip("scipy")

from bdhvs.bank.cut_scores import CutScores, load_cut_scores
from bdhvs.bank.loader import Bank
from bdhvs.measurement import cut_scores, tag_cuts
from bdhvs.measurement.bands import classify
from bdhvs.measurement.evidence import TaskResult, autonomy, entry_gate, evidence_map
from bdhvs.service import band_sentences as sentences
from bdhvs.service.bands import PROVISIONAL, bands_of, cut_scores_of, level_cuts_of, provisional_cut_scores


@pytest.fixture(scope="module")
def bank() -> Bank:
    return Bank.load()


def test_the_shipped_provisional_cuts_are_what_the_bank_s_levels_give(bank: Bank) -> None:
    shipped = load_cut_scores(PROVISIONAL)
    made = provisional_cut_scores(bank, shipped.date)
    assert shipped == made, "levels or items changed: python tools/provisional_cuts.py DATE"
    text = (bank.content.assessments / "cut_scores" / f"{PROVISIONAL}.yaml").read_text("utf-8")
    assert text == made.as_yaml()


def test_a_file_and_measurement_say_the_same(bank: Bank) -> None:
    shipped = load_cut_scores(PROVISIONAL)
    again = cut_scores_of(
        level_cuts_of(shipped), scores_id=shipped.id, framework=shipped.framework, status=shipped.status, method=shipped.method,
        date=shipped.date, scale=shipped.scale, source=shipped.source, note=shipped.note,
    )  # fmt: skip
    assert again == shipped
    bands = bands_of(shipped, bank.framework)
    assert bands.names == ("below", "co_ban", "trung_cap", "nang_cao")
    assert "nang_cao" not in bands.unmeasured
    lower = bands_of(up_to_level(4, shipped), bank.framework)
    assert lower.names == ("below", "co_ban", "trung_cap")
    assert "nang_cao" in lower.unmeasured


def up_to_level(level: int, cuts: CutScores) -> CutScores:
    """As of a bank without items above a level."""
    return cuts.model_copy(update={"cuts": tuple(one for one in cuts.cuts if one.level <= level)})


def test_every_outcome_has_its_sentence(bank: Bank) -> None:
    bands = bands_of(up_to_level(4, load_cut_scores(PROVISIONAL)), bank.framework)
    found = classify([-4.0, 0.2, 5.0, 1.0, -0.8, float("nan")], 0.3, bands, 0.7)
    said = [sentences.band_sentence(found, n, bank.framework, "en") for n in range(6)]
    assert said[0].startswith("Not yet at Basic.")
    assert said[1] == "Basic: the tasks done show this surely enough."
    assert said[2].startswith("Intermediate or above:")
    assert said[3].startswith("At least Basic.")
    assert said[4] == sentences.NOT_ENOUGH
    assert said[5] == sentences.NO_ESTIMATE


def test_gate_help_and_competences_in_words(bank: Bank) -> None:
    wrong = [TaskResult("0.2", 0, 0.0)] * 3 + [TaskResult("0.1", 0, 0.0)]
    closed = sentences.gate_sentence(entry_gate(wrong), bank.framework, "en")
    assert closed.startswith("First learn to use the device: using devices, ")
    helped = [TaskResult("4.2", 1, 1.0, helped=True)] * 4
    assert "level 1" in sentences.autonomy_sentence(autonomy(helped), "en")
    first, empty = evidence_map(helped, ["4.2", "4.3"], range(7))
    assert sentences.competence_sentence(first, "en") == "did 4 of 4 tasks, 4 with help"
    assert sentences.competence_sentence(empty, "en") == sentences.NO_ESTIMATE


def test_flags_of_cuts_have_sentences() -> None:
    said = sentences.cut_score_sentences(load_cut_scores(PROVISIONAL), "en")
    assert said[0] == sentences.PROVISIONAL
    assert len(said) == 7  # and one per level
    source = "".join(Path(str(module.__file__)).read_text("utf-8") for module in (cut_scores, tag_cuts))
    codes = set(re.findall(r'Flag\(\s*"(\w+)"', source))
    assert codes >= {"pooled", "borrowed", "assumed"}
    assert codes - {"items_without_location"} <= set(sentences.CUT_FLAGS)

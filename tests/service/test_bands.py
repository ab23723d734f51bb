"""From files of cut scores to bands and to sentences."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy")
pytest.importorskip("scipy")

from bdhvs.bank.cut_scores import load_cut_scores
from bdhvs.bank.loader import Bank
from bdhvs.measurement.evidence import TaskResult, entry_gate
from bdhvs.service import band_sentences as sentences
from bdhvs.service.bands import PROVISIONAL, provisional_cut_scores


@pytest.fixture(scope="module")
def bank() -> Bank:
    return Bank.load()


def test_the_shipped_provisional_cuts_are_what_the_bank_s_levels_give(bank: Bank) -> None:
    shipped = load_cut_scores(PROVISIONAL)
    made = provisional_cut_scores(bank, shipped.date)
    assert shipped == made, "levels or items changed: python tools/provisional_cuts.py DATE"
    text = (bank.content.assessments / "cut_scores" / f"{PROVISIONAL}.yaml").read_text("utf-8")
    assert text == made.as_yaml()


def test_every_band_has_its_sentence(bank: Bank) -> None:
    def said(code: str, *, highest: bool = False) -> str:
        return sentences.band_words(code, highest, bank.framework, "en")

    assert said(sentences.BELOW).startswith("Not yet at Basic.")
    assert said("co_ban") == "Basic: the tasks done show this surely enough."
    assert said("trung_cap", highest=True).startswith("Intermediate or above:")
    assert sentences.band_column(sentences.BELOW, bank.framework, "en") == "not yet Basic"


def test_the_entry_gate_in_words(bank: Bank) -> None:
    wrong = [TaskResult("0.2", 0, 0.0)] * 3 + [TaskResult("0.1", 0, 0.0)]
    closed = sentences.gate_sentence(entry_gate(wrong), bank.framework, "en")
    assert closed.startswith("First learn to use the device: using devices, ")

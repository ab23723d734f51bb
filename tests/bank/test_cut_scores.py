"""Files of cut scores: read, refused with file and line, chosen, written."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from bdhvs.bank.cut_score_files import CutEntry, CutScores, Panel, Remark
from bdhvs.bank.cut_scores import cut_scores_on_scale, load_cut_scores, read_cut_scores
from bdhvs.bank.paths import find_content
from bdhvs.bank.read import read_model
from bdhvs.bank.yaml_lines import parse_document
from bdhvs.commands.check import check
from bdhvs.core.items.base import Text
from bdhvs.errors import BankError, NotFound
from tests.bank.conftest import SmallBank

GOOD = """\
what: cut_scores
format: 1
id: hoi-dong-1
framework: tt02-2025
status: in_use
method: bookmark
date: "2026-11-22"
scale: calibration 2026-11
source: panel of the province, minutes of the second round
response_probability: 0.67
panel:
  who: {vi: "Tổ công nghệ số", en: "Community helpers"}
  panelists: 12
  rounds: 2
  agreement: 0.81
cuts:
  - {level: 1, ability: -1.2, se: 0.1, items: 20}
  - {level: 3, ability: 0.4, se: 0.15, items: 18}
  - {level: 5, items: 0, flags: [{code: no_items, message: "There is no item."}]}
"""


def put(bank: SmallBank, text: str, name: str = "hoi-dong-1.yaml") -> Path:
    path = bank.content.assessments / "cut_scores" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file_is_read(small_bank: SmallBank) -> None:
    put(small_bank, GOOD)
    found, problems = read_cut_scores(small_bank.content)
    assert problems == []
    scores = found["hoi-dong-1"]
    assert [cut.ability for cut in scores.cuts] == [-1.2, 0.4, None]
    assert scores.panel is not None
    assert scores.panel.panelists == 12


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("id: hoi-dong-1", "id: hoi-dong-2", 3, "give both the same name"),
        ("framework: tt02-2025", "framework: tt02-2026", 4, 'Did you mean "tt02-2025"?'),
        ("method: bookmark", "method: bokmark", 6, 'Did you mean "bookmark"?'),
        ('date: "2026-11-22"', 'date: "2026-13-22"', 7, "which is no day"),
        ("response_probability: 0.67", "response_probability: 67", 10, "found 67"),
        ("response_probability: 0.67\n", "", 6, "needs the field response_probability"),
        ("method: bookmark", "method: response_probability", 11, "delete it, or name the panel's method"),
        ("  panelists: 12", "  panelists: twelve", 13, "whole number"),
        ("se: 0.1,", 'se: "0.1",', 17, "a number without quotes"),
        ("ability: -1.2, ", "", 17, "only one of ability and se"),
        ("ability: 0.4", "ability: -2.4", 18, "lies below that of level 1"),
        ("level: 3", "level: 1", 16, "each once and rising"),
        (', flags: [{code: no_items, message: "There is no item."}]', "", 19, "no flag that says why"),
        ("level: 5", "level: 7", 19, "level 7 has no items in this framework"),
        ("scale: calibration 2026-11", 'scale: x\ndomain: "9"', 9, 'domain "9" does not exist'),
    ],
)
def test_what_is_wrong_is_said_with_its_line(small_bank: SmallBank, old: str, new: str, line: int, says: str) -> None:
    assert old in GOOD
    put(small_bank, GOOD.replace(old, new, 1))
    found, problems = read_cut_scores(small_bank.content)
    assert found == {}
    assert [one.line for one in problems if says in one.message] == [line], problems


def test_a_panel_s_method_needs_a_panel_and_authors_levels_stay_provisional(small_bank: SmallBank) -> None:
    before, _, rest = GOOD.partition("panel:\n")
    without = before + rest[rest.index("cuts:") :]
    put(small_bank, without)
    assert "needs a panel" in read_cut_scores(small_bank.content)[1][0].message
    put(small_bank, without.replace("bookmark", "author_levels"))
    assert "stay provisional" in read_cut_scores(small_bank.content)[1][0].message


def test_the_check_command_reads_them(small_bank: SmallBank) -> None:
    put(small_bank, GOOD.replace("level: 3", "level: 9"))
    result = CliRunner().invoke(check, [str(small_bank.content.assessments.parent)])
    assert result.exit_code == 1
    assert "assessments/cut_scores/hoi-dong-1.yaml" in result.output


def test_loading_names_what_there_is(small_bank: SmallBank) -> None:
    with pytest.raises(NotFound, match="there are: none"):
        load_cut_scores("x", small_bank.content)
    put(small_bank, GOOD)
    assert load_cut_scores("hoi-dong-1", small_bank.content).method == "bookmark"
    put(small_bank, GOOD.replace("format: 1", "format: 2"))
    with pytest.raises(BankError):
        load_cut_scores("hoi-dong-1", small_bank.content)


def test_people_are_named_by_a_set_in_use_on_the_scale_that_of_the_domain_first(small_bank: SmallBank) -> None:
    put(small_bank, GOOD.replace("hoi-dong-1", "b").replace("in_use", "provisional").replace("2026-11-22", "2027-01-01"), "b.yaml")
    put(small_bank, GOOD.replace("hoi-dong-1", "a"), "a.yaml")
    put(small_bank, GOOD.replace("hoi-dong-1", "c").replace("scale:", 'domain: "4"\nscale:'), "c.yaml")
    put(small_bank, GOOD.replace("hoi-dong-1", "d").replace("in_use", "retired").replace("2026-11-22", "2028-01-01"), "d.yaml")
    sets, problems = read_cut_scores(small_bank.content)
    assert (set(sets), problems) == ({"a", "b", "c", "d"}, [])

    def chosen(domain: str, scale: str = "calibration 2026-11", framework: str = "tt02-2025") -> str | None:
        found = cut_scores_on_scale(sets.values(), framework, domain, {scale})
        return found.id if found else None

    assert (chosen("4"), chosen("5")) == ("c", "a")
    assert chosen("5", scale="calibration 2025-01") is None
    assert chosen("5", framework="qd757") is None


number = st.floats(-12, 12, allow_nan=False).map(lambda value: round(value, 4))


@settings(max_examples=40, deadline=None)
@given(st.lists(number, min_size=1, max_size=6), st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20))
def test_what_is_written_is_read_again(abilities: list[float], words: str) -> None:
    import unicodedata

    text = unicodedata.normalize("NFC", words)
    cuts = tuple(
        CutEntry(level=n, ability=at, se=0.1, items=3, flags=(Remark(code="close", message=text),))
        for n, at in enumerate(sorted(abilities), start=1)
    )
    panel = Panel(who=Text(vi=text), panelists=5, rounds=2, tables=1)
    scores = CutScores(
        what="cut_scores", format=1, id="x", framework="y", status="in_use", method="angoff", date="2026-11-22",
        scale=text, source=text, panel=panel, cuts=cuts,
    )  # fmt: skip
    read, problems = read_model(parse_document(scores.as_yaml().encode(), "x.yaml"), CutScores)
    assert problems == []
    assert read == scores


def test_the_shipped_files_are_right() -> None:
    found, problems = read_cut_scores(find_content())
    assert problems == []
    assert "du-kien" in found

"""The report on a bank: each measure by hand on small texts, its laws, and the shipped page and standards."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from bdhvs.bank.enemies import AlikeFile, Pair
from bdhvs.bank.loader import Bank
from bdhvs.bank.paths import find_content
from bdhvs.bank.read import read_model
from bdhvs.bank.report import contents, load_standards
from bdhvs.bank.report.alike import closest, enemies_that_meet, similarities
from bdhvs.bank.report.aloud import read_badly
from bdhvs.bank.report.contents import too_few
from bdhvs.bank.report.reading import reading_load, reading_of, too_much
from bdhvs.bank.report.screens import longest_screen
from bdhvs.bank.report.sources import sources_of
from bdhvs.bank.report.standards import AloudFile, AloudRule, AudienceFile, ReadingFile, SourcesFile
from bdhvs.bank.yaml_lines import read_document
from bdhvs.commands.check import check
from bdhvs.commands.content_page import page
from bdhvs.core.adaptive import Adaptive
from bdhvs.core.items.base import Source, Text
from bdhvs.core.items.simulation import Simulation
from bdhvs.errors import BankError
from tests.bank.conftest import SmallBank

ROOT = Path(__file__).parents[2]
QUALITY = ROOT / "assessments" / "quality"
SHIPPED = Bank.load(find_content(ROOT).assessments)


@pytest.fixture
def good(small_bank: SmallBank) -> Bank:
    return small_bank.read()[0]


def shipped(name: str, model: Any) -> Any:
    made, problems = read_model(read_document(QUALITY / f"{name}.yaml"), model)
    assert problems == []
    return made


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────


def item_reading(good: Bank, stem: str, options: list[str]) -> Any:
    one = good.item("ma-otp")
    parts = tuple(
        option.model_copy(update={"text": Text(vi=text)}) for option, text in zip(one.options, options, strict=True)
    )
    return one.model_copy(update={"stem": Text(vi=stem), "options": parts})


def test_a_reading_load_is_what_a_hand_counts(good: Bank) -> None:
    # Stem: 5 + 3 syllables in two sentences; options 2, 1 and 4: 15 in five. A number has no letters.
    load = reading_load(
        item_reading(good, "Bác mở máy **rồi** xem. Ai gọi đó?", ["Tắt Wi-Fi", "OTP", "Gõ nghiêng lại 12"])
    )
    assert (load.syllables, load.sentences, load.longest_sentence, load.mean_sentence) == (15, 5, 5, 3.0)
    assert load.longest == "Bác mở máy rồi xem."
    assert load.unusual == ("Wi-Fi", "OTP")
    assert load.unusual_share == round(2 / 15, 3)
    assert load.long_share == round(1 / 15, 3)  # nghiêng
    assert load.letters == round((3 + 2 + 3 + 3 + 3 + 2 + 3 + 2 + 3 + 4 + 3 + 2 + 7 + 3 + 0) / 15, 2)
    assert reading_load(item_reading(good, "A", ["Wi-Fi", "OTP", "à"]), {"wi-fi", "otp"}).unusual == ()


def test_a_group_of_items_has_medians_and_an_empty_one_zeros(good: Bank) -> None:
    loads = [reading_load(item_reading(good, " ".join(["máy"] * count), ["a", "ô", "y"])) for count in (7, 17, 97)]
    group = reading_of(loads)
    assert (group.items, group.syllables, group.syllables_90, group.longest_sentence) == (3, 20, 100, 97)
    assert reading_of([]).items == reading_of([]).syllables == 0


def test_the_strictest_reader_decides_and_says_what_to_do(good: Bank) -> None:
    limits = shipped("reading", ReadingFile)
    item = item_reading(good, " ".join(["máy"] * 21) + ".", ["a", "ô", "y"])  # level 2, for adults and elderly
    loads = {item.id: reading_load(item, limits.familiar)}
    (found,) = too_much([item], loads, limits)
    assert (found.readers, found.measure, found.found, found.most) == ("slow_readers", "sentence", 21, 20)
    assert "make two sentences" in found.advice
    higher = item.model_copy(update={"level": 5})  # only what holds for everybody
    assert list(too_much([higher], loads, limits)) == []


def test_a_simulation_counts_the_longest_screen_it_can_come_to() -> None:
    fields = yaml.safe_load((ROOT / "tests" / "fixtures" / "may-thu-moi-bo-phan.yaml").read_text("utf-8"))
    fields["screens"] = [{"id": "a", "title": {"vi": "Một"}, "elements": [
        {"text": {"vi": "hai ba"}},
        {"text": {"vi": "bốn " * 50}, "when": {"nhac": True}},  # never true: nothing sets it
        {"list": [{"id": "mo", "text": {"vi": "Mở"}, "note": {"vi": "năm sáu"}, "do": [{"set": {"hoi": True}}]}]},
        {"dialog": {"vi": "Chắc không?"}, "when": {"hoi": True}, "buttons": [
            {"id": "dong", "text": {"vi": "Đóng"}, "do": [{"set": {"hoi": False}}]}]},
    ]}]  # fmt: skip
    fields |= {
        "variables": {"hoi": False, "nhac": False},
        "goals": [{"id": "g", "when": {"hoi": True}, "missed": {"vi": "x"}}],
    }
    fields |= {"forbidden": [], "hints": [], "evidence": [{"level": 1}], "shortest": 1}
    item = Simulation.model_validate(fields)
    assert longest_screen(item, lambda text: len(text.split())) == ["Một", "hai ba", "Mở", "năm sáu"]


# ── reading aloud ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("rule", shipped("read_aloud", AloudFile).rules, ids=lambda rule: rule.id)
def test_each_rule_on_reading_aloud_finds_what_it_should_and_no_more(rule: AloudRule) -> None:
    assert [text for text in rule.badly if not rule.pattern().search(text)] == []
    assert [text for text in rule.well if rule.pattern().search(text)] == []


def test_what_is_read_badly_is_named_with_its_place_unless_it_is_meant(good: Bank) -> None:
    (rule,) = (one for one in shipped("read_aloud", AloudFile).rules if one.id == "clock")
    item = good.item("ma-otp").model_copy(update={"hint": Text(vi="Họp lúc 9:00 nhé.")})
    (found,) = read_badly(item, [rule])
    assert (found.where, found.found, found.rule) == (("hint",), "9:00", "clock")
    assert list(read_badly(item, [rule.model_copy(update={"meant": {"ma-otp": "why"}})])) == []


# ── alike ────────────────────────────────────────────────────────────────────────────────────────────


def renamed(bank: Bank, item_id: str, new_id: str, **texts: str) -> Any:
    one = bank.item(item_id)
    text = one.stem.vi
    for old, new in texts.items():
        assert old.replace("_", " ") in text
        text = text.replace(old.replace("_", " "), new)
    return one.model_copy(update={"id": new_id, "stem": Text(vi=text)})


def test_a_reworded_twin_is_far_closer_than_any_two_items(good: Bank) -> None:
    twin = renamed(good, "ma-otp", "zz", nhân_viên="người của", Bác_làm_gì="Cô chú nên làm gì")
    alike = similarities([*good.items.values(), twin])
    assert max(alike, key=lambda pair: alike[pair]) == ("ma-otp", "zz")
    limit = shipped("alike", AlikeFile).look_from
    assert alike["ma-otp", "zz"] > 0.8
    assert all(value < limit for pair, value in alike.items() if pair != ("ma-otp", "zz"))


def test_pairs_that_somebody_compared_say_so(good: Bank) -> None:
    twin = renamed(good, "ma-otp", "zz")
    known = AlikeFile(what="alike", format=1, look_from=0.5, different=(Pair(items=("zz", "ma-otp"), why="tested"),))
    first, *rest = closest([*good.items.values(), twin], known, most=3)
    assert (first.one, first.other, first.looked_at) == ("ma-otp", "zz", "tested")
    assert first.similarity == pytest.approx(1)  # the same words
    assert len(rest) == 2
    assert all(one.looked_at is None for one in rest)


@settings(max_examples=30, deadline=None)
@given(
    texts=st.lists(
        st.lists(st.sampled_from(["máy", "điện", "thoại", "ngân", "hàng", "mã", "số", "quét", "gửi"]), min_size=1, max_size=6).map(
            " ".join
        ),
        min_size=2,
        max_size=6,
    )
)
def test_similarity_lies_between_0_and_1_and_knows_no_order(texts: list[str]) -> None:
    base = SHIPPED.item("cuoc-goi-xin-ma-otp")
    items = [base.model_copy(update={"id": f"i{number}", "stem": Text(vi=text)}) for number, text in enumerate(texts)]
    found = similarities(items)
    assert all(-1e-9 <= value <= 1 + 1e-9 for value in found.values())
    again = similarities(items[::-1])
    assert found.keys() == again.keys()
    assert all(value == pytest.approx(again[pair]) for pair, value in found.items())


def test_enemies_are_named_where_a_learner_can_meet_both(good: Bank) -> None:
    (form,) = good.forms.values()
    one, other = sorted(form.items)[:2]
    pair = Pair(items=(one, other), why="told")
    (met,) = enemies_that_meet([form], [pair], good.items)
    assert (met.form, met.items, met.why) == (form.id, (one, other), "told")
    adaptive = form.model_copy(update={"items": (), "adaptive": Adaptive(minimum=1, maximum=2)})
    assert len(list(enemies_that_meet([adaptive], [pair], good.items))) == 1
    apart = adaptive.model_copy(update={"adaptive": Adaptive(minimum=1, maximum=2, enemies=((one, other),))})
    assert list(enemies_that_meet([apart], [pair], good.items)) == []


# ── sources, audiences, standards ────────────────────────────────────────────────────────────────────


def test_a_source_is_looked_at_again_when_it_is_old_or_has_no_day(good: Bank) -> None:
    dates = {
        "Luật cũ": "2020-01-01",
        "Luật mới": "2025-06-01",
        "Bài báo": None,
        "Thống kê": "2019",
        "Xem rồi": "2001-01-01",
    }
    named = tuple(Source(title=title, date=day) for title, day in dates.items())
    items = [
        good.item("ma-otp").model_copy(update={"sources": named}),
        good.item("tien-cho").model_copy(update={"sources": ()}),
    ]
    standard = SourcesFile(what="sources", format=1, look_again_after_years=3, still_holds={"Xem rồi": "2026-01-01"})
    found = sources_of(items, date(2026, 11, 22), standard)
    assert (found.with_source, found.different) == (1, 5)
    assert [(one.title, one.years) for one in found.to_look_at] == [
        ("Bài báo", None),
        ("Thống kê", 7.4),
        ("Luật cũ", 6.9),
    ]
    assert found.by_year == {"2001": 1, "2019": 1, "2020": 1, "2025": 1, "?": 1}


def test_an_audience_with_too_few_items_is_named_with_its_share(good: Bank) -> None:
    found = contents(good)
    least = AudienceFile(what="audience_balance", format=1, least_share={"elderly": 1.0}, least_in_domain=0)
    (short,) = too_few(found, least, good.framework)
    assert (short.audience, short.domain, short.least) == ("elderly", None, 1.0)
    assert short.found == pytest.approx(found.for_audience["elderly"] / found.tasks, abs=1e-3)
    by_domain = too_few(
        found, least.model_copy(update={"least_share": {"elderly": 0.01}, "least_in_domain": 99}), good.framework
    )
    assert [one.domain for one in by_domain] == [domain.code for domain in good.framework]


def test_a_bank_s_own_standards_are_checked_with_their_lines(small_bank: SmallBank) -> None:
    own = small_bank.content.assessments / "quality"
    own.mkdir()
    bank = small_bank.read()[0]
    text = (QUALITY / "audiences.yaml").read_text("utf-8").replace("  elderly:", "  elderli:")
    (own / "audiences.yaml").write_text(text, "utf-8")
    (own / "alike.yaml").write_text(
        "what: alike\nformat: 1\nlook_from: 0.5\nenemies:\n  - {items: [ma-otp, ma-ot], why: x}\n", "utf-8"
    )
    with pytest.raises(BankError) as caught:
        load_standards(small_bank.content, bank.framework, bank.items)
    first, second = sorted(caught.value.problems)
    assert (first.line, second.line) == (5, text.splitlines().index("  elderli: 0.25") + 1)
    assert 'item "ma-ot" does not exist. Did you mean "ma-otp"?' in first.message
    assert 'audience "elderli" does not exist. Did you mean "elderly"?' in second.message
    broken = (QUALITY / "read_aloud.yaml").read_text("utf-8").replace("[!?]{2,}", "[!?{2,}")
    (own / "read_aloud.yaml").write_text(broken, "utf-8")
    with pytest.raises(BankError, match="cannot be read"):
        load_standards(small_bank.content, bank.framework, bank.items)


# ── the command and the page ─────────────────────────────────────────────────────────────────────────


def test_the_report_is_printed_and_given_as_json(small_bank: SmallBank) -> None:
    small_bank.change("ma-otp.yaml", "Mã gửi vào máy chỉ để chính bác nhập.", "Mã gửi lúc 9:00 chỉ để chính bác nhập.")
    home = str(small_bank.content.assessments.parent)
    text = CliRunner().invoke(check, [home, "--report"])
    assert text.exit_code == 0
    assert 'assessments/items/4.2/ma-otp.yaml:31: "9:00"' in text.output
    assert CliRunner().invoke(check, [home, "--report", "--strict"]).exit_code == 1
    found = json.loads(CliRunner().invoke(check, [home, "--report", "--json"]).stdout)
    assert (found["v"], found["contents"]["tasks"], found["contents"]["opinions"]) == (1, 6, 1)
    (badly,) = found["quality"]["read_badly"]
    assert (badly["path"], badly["line"], badly["found"]) == ("assessments/items/4.2/ma-otp.yaml", 31, "9:00")
    small_bank.change("ma-otp.yaml", "level: 2", "level: two")
    broken = CliRunner().invoke(check, [home, "--report"])
    assert isinstance(broken.exception, BankError)


def test_the_page_is_that_of_the_bank() -> None:
    assert (ROOT / "docs" / "content.md").read_text("utf-8") == page(SHIPPED), "stale: run make content"


def test_the_shipped_standards_name_what_there_is() -> None:
    standards = load_standards(SHIPPED.content, SHIPPED.framework, SHIPPED.items)
    assert set(standards.audiences.least_share) == {one.id for one in SHIPPED.framework.audiences}
    assert list(enemies_that_meet(SHIPPED.forms.values(), standards.alike.enemies, SHIPPED.items)) == []

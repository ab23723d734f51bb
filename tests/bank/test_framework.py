from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from bdhvs.bank.framework import Framework, frameworks, load_framework
from bdhvs.bank.paths import Content, find_content
from bdhvs.errors import FrameworkError
from tests.bank.conftest import cases


@pytest.fixture(scope="module")
def framework() -> Framework:
    return Framework.load()


@pytest.fixture
def copied(tmp_path: Path) -> Content:
    """The shipped framework files in a folder of their own, to be spoilt."""
    shutil.copytree(find_content().framework, tmp_path / "assessments" / "framework")
    (tmp_path / "assessments" / "items").mkdir()
    return find_content(tmp_path)


def test_there_are_six_domains_with_24_competences(framework: Framework) -> None:
    assert [len(domain.competences) for domain in framework] == [3, 6, 4, 4, 4, 3]
    assert [domain.code for domain in framework] == ["1", "2", "3", "4", "5", "6"]
    assert len(framework.competences) == 24 + 2
    assert framework.source.startswith("02/2025/TT-BGDĐT")


def test_the_entry_module_stands_below_the_circular(framework: Framework) -> None:
    assert [one.code for one in framework.entry] == ["0.1", "0.2"]
    assert list(framework.competences)[:3] == ["0.1", "0.2", "1.1"]
    assert framework.level(0).basis == "entry"
    assert framework.level(0).band == ""


def test_levels_are_whole_numbers_in_bands_of_two(framework: Framework) -> None:
    assert [level.number for level in framework.levels] == list(range(9))
    assert [band.levels for band in framework.bands] == [(1, 2), (3, 4), (5, 6), (7, 8)]
    assert [level.basis for level in framework.levels[1:]] == ["confirmed"] * 5 + ["reconstructed"] * 3


def test_levels_7_and_8_are_not_for_items(framework: Framework) -> None:
    assert [level.number for level in framework.levels if level.for_items] == list(range(7))


def test_domain_6_climbs_faster(framework: Framework) -> None:
    assert [domain.code for domain in framework if domain.steep] == ["6"]
    assert framework.cognitive("6.1", 3).en == "Apply"
    assert framework.cognitive("5.1", 3).en == "Understand, explain"
    assert framework.cognitive("6.3", 4).vi == "Phân tích"


def test_domains_1_to_5_carry_the_numbers_of_digcomp(framework: Framework) -> None:
    for domain in list(framework)[:5]:
        for one in domain:
            assert one.digcomp22 == one.digcomp30 == (one.code,)
    assert framework.digcomp_names["2.2"]["2.5"] == "Netiquette"
    assert framework.digcomp_names["3.0"]["2.5"] == "Digital behaviour"


def test_domain_6_has_no_counterpart_but_related_codes(framework: Framework) -> None:
    for one in framework.domain("6"):
        assert one.digcomp22 == one.digcomp30 == ()
        assert one.digcomp_related


def test_every_competence_has_a_phrase_for_every_band(framework: Framework) -> None:
    for domain in framework:
        for one in domain:
            assert list(one.ladder) == ["co_ban", "trung_cap", "nang_cao", "chuyen_sau"]


def test_pupils_are_audiences_by_stage(framework: Framework) -> None:
    audiences = {one.id for one in framework.audiences}
    stages = {"students_primary", "students_lower_secondary", "students_upper_secondary", "students_higher"}
    assert stages <= audiences
    assert "students" not in audiences


def test_nobody_is_labelled_by_ethnicity_or_disability(framework: Framework) -> None:
    assert not {"ethnic_minorities", "disabled", "vulnerable"} & {one.id for one in framework.audiences}


def test_skills_point_to_competences_there_are(framework: Framework) -> None:
    assert all(code in framework for skill in framework.skills for code in skill.competences)
    assert len(framework.skills) == 15


def test_whoever_was_helped_finds_every_skill_but_that_of_helping_under_one_topic(framework: Framework) -> None:
    assert framework.ambassador is not None
    found = [one for topic in framework.ambassador.topics for one in topic.skills]
    assert sorted([*found, "huong_dan"]) == sorted(one.id for one in framework.skills)


def test_the_traps_are_told(framework: Framework) -> None:
    told = " ".join(framework.cautions)
    assert "do not line up" in told
    assert "portfolio" in told
    assert "VNeID" in told


@pytest.mark.parametrize("case", cases("framework"))
def test_a_mistake_is_named_with_its_file_and_place(copied: Content, case: dict[str, Any]) -> None:
    path = copied.framework / case["file"]
    text = path.read_text(encoding="utf-8")
    old, new = case["change"]["from"], case["change"]["to"]
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FrameworkError) as refused:
        load_framework(copied)
    line = text[: text.index(old)].count("\n") + 1 + case.get("lines_below", 0)
    found = [(one.path, one.line, one.message) for one in refused.value.problems]
    assert any(
        path == f"assessments/framework/{case['file']}" and at == line and case["says"] in message
        for path, at, message in found
    ), (line, found)


def test_a_missing_file_is_named(copied: Content) -> None:
    (copied.framework / "digcomp.yaml").unlink()
    with pytest.raises(FrameworkError, match=r"digcomp\.yaml: cannot be read"):
        load_framework(copied)


SECOND = """
what: framework
format: 1
id: cong-dan
title: {vi: "Khung thử", en: "A framework for this test"}
compiled: "2026"
document:
  number: "1/QĐ"
  issuer: "Cơ quan thử"
  signed: "2026-01-01"
  in_force: "2026-01-01"
  url: "https://vidu.vn"
  scope: {vi: "Mọi người", en: "Everybody"}
bands:
  - {id: dat, name: {vi: "Đạt", en: "Reached"}, levels: [1]}
levels:
  - number: 1
    band: dat
    name: {vi: "Đạt", en: "Reached"}
    complexity: {vi: "Việc quen", en: "Familiar"}
    autonomy: {vi: "Tự làm", en: "Alone"}
    cognitive: {vi: "Nhớ", en: "Remember"}
    basis: confirmed
    for_items: true
domains:
  - code: "1"
    name: {vi: "Dịch vụ", en: "Services"}
    summary: {vi: "Dùng dịch vụ.", en: "Uses services."}
    competences:
      - code: "1.1"
        name: {vi: "Dịch vụ công", en: "Public services"}
        description: {vi: "Nộp hồ sơ.", en: "Files papers."}
"""


def test_a_second_framework_stands_beside_the_first_without_code(copied: Content) -> None:
    (copied.framework / "cong-dan.yaml").write_text(SECOND, encoding="utf-8")
    assert frameworks(copied) == ("cong-dan", "tt02-2025")
    second = load_framework(copied, "cong-dan")
    assert list(second.competences) == ["1.1"]
    assert second.cognitive("1.1", 1).en == "Remember"
    assert second.audiences == load_framework(copied).audiences


def test_a_framework_shows_itself_as_a_table(framework: Framework) -> None:
    html = framework._repr_html_()
    assert html.count("<tr>") == 1 + 7 + 26

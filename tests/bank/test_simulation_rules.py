"""Every rule about simulations finds what it is for: a lawful small one, broken in one way at a time."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from bdhvs.bank.checks import simulations
from bdhvs.bank.drafts import own_bank, read_draft
from bdhvs.bank.loader import Bank

HEAD: dict[str, Any] = {
    "id": "may-thu",
    "version": 1,
    "kind": "simulation",
    "competence": "4.2",
    "level": 2,
    "level_reason": "for this test",
    "skills": [],
    "audiences": ["adults"],
    "context": "home",
    "author": "Nhóm thử",
    "licence": "CC-BY-4.0",
    "date": "2026-11-22",
    "sources": [],
    "stem": {"vi": "Làm thử", "en": "Try it"},
}
Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def lawful() -> dict[str, Any]:
    cases = yaml.safe_load((Path(__file__).parents[1] / "core" / "cases" / "simulation.yaml").read_text("utf-8"))
    return {**HEAD, **deepcopy(cases["item"])}


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return own_bank(tmp_path_factory.mktemp("empty"))


def found(fields: dict[str, Any], bank: Bank, severity: str = "error") -> dict[str, str]:
    """Rule → message of every error; advice about texts is not looked at here."""
    draft = read_draft(yaml.safe_dump(deepcopied(fields), allow_unicode=True, sort_keys=False), bank)
    return {one.rule: f"{one.line}: {one.message}" for one in draft.problems if one.severity == severity}


def deepcopied(fields: dict[str, Any]) -> Any:
    """Without parts that are the same object: YAML would write them as aliases."""
    return json.loads(json.dumps(fields))


def test_the_lawful_one_has_nothing_wrong(lawful: dict[str, Any], empty: Bank) -> None:
    assert found(lawful, empty) == {}


def many_switches(item: dict[str, Any]) -> None:
    for n in range(14):
        item["variables"][f"them_{n}"] = False
        item["screens"][0]["elements"].append({"switch": {"vi": "Nút"}, "id": f"them-{n}", "sets": f"them_{n}"})


BROKEN: dict[str, list[tuple[str, Change]]] = {
    "sim_states": [("too many switches", many_switches)],
    "sim_goals": [
        ("a goal that cannot hold", lambda item: item["goals"][0]["when"].update(so_tien=7)),
        ("two goals that exclude each other", lambda item: item["goals"][1].update(when={"screen": "man-dau"})),
    ],
    "sim_kept": [("a goal that holds only until one walks on", lambda item: item["goals"][1].update(when={"screen": "man-vi"}))],
    "sim_dead_end": [
        ("a screen of no return", lambda item: item["screens"][2]["elements"][0].update(do=[{"say": {"vi": "Không có gì"}}]) or item["screens"][2].pop("back")),
    ],
    "sim_forbidden": [
        ("an act that cannot be done", lambda item: item["forbidden"].append({"id": "khac", "when": {"so_tien": 7}, "why": {"vi": "Vì"}})),
        ("an act that is done at the start", lambda item: item["forbidden"][0].update(acts=[], when={"nhac": False})),
    ],
    "sim_evidence": [
        ("a level nothing shows best", lambda item: item["evidence"].insert(1, {"level": 2}) or item["evidence"][2].update(level=3)),
        ("not the item's own level", lambda item: item.update(level=3)),
        ("nothing beyond the task", lambda item: item["evidence"].append({"level": 3, "when": {"nhac": True}})),
    ],
    "sim_unreachable": [
        ("a screen nothing leads to", lambda item: item["screens"].append({**item["screens"][3], "id": "man-khac"})),
        ("a button never shown", lambda item: item["screens"][2]["elements"][0].update(when={"so_tien": 7})),
    ],
    "sim_unused": [
        ("a variable nobody looks at", lambda item: item["variables"].update(thua=False)),
        ("a variable that never changes", lambda item: item["variables"].update(yen=False) or item["goals"][1]["when"].update(yen=False)),
    ],
    "sim_shortest": [("a wrong number", lambda item: item.update(shortest=4))],
    "sim_hints": [("no hint on the way", lambda item: item["hints"].pop())],
    "sim_secret": [("a guard asks for the right amount", lambda item: item["screens"][1]["elements"][4]["do"][0].update(when={"not": {"so_tien": 50000}}))],
    "sim_texts": [("a variable only in one language", lambda item: item["screens"][1]["elements"][0].update(text={"vi": "Có {so_tien} đồng", "en": "Some money"}))],
    # Errors of the file: the machine could not be built.
    "condition": [
        ("evidence of an unknown variable", lambda item: item["evidence"][1].update(when={"khong_co": True})),
        ("an unknown test", lambda item: item["goals"][0].update(when={"so_tien": {"about": 7}})),
        ("a value of another kind", lambda item: item["screens"][1]["elements"][4]["do"][1].update(set={"hoi": "có"})),
    ],
    "variable": [
        ("set but not declared", lambda item: item["screens"][1]["elements"][1].update(sets="la_gi")),
        ("a switch of a number", lambda item: item["screens"][1]["elements"][2].update(sets="so_tien")),
        ("shown but not declared", lambda item: item["screens"][0].update(title={"vi": "Chào {ten}"})),
        ("a choice of one", lambda item: item["variables"].update(cach=["thu_nho"])),
    ],
    "screen": [("leads nowhere", lambda item: item["screens"][0]["elements"][0]["list"][0].update(do=[{"go": "man-mat"}]))],
    "twice": [("the same id twice", lambda item: item["screens"][2]["elements"][0].update(id="nut-tra"))],
    "nothing_happens": [
        ("a button that may do nothing", lambda item: item["screens"][1]["elements"][4]["do"].pop()),
        ("a step that does nothing", lambda item: item["screens"][1]["elements"][4]["do"].append({})),
    ],
    "never_taken": [("a step behind one that is always taken", lambda item: item["screens"][1]["elements"][4]["do"].reverse())],
    "dead_end": [("nothing to do", lambda item: item["screens"][3].pop("end"))],
    "end": [("an end that goes on", lambda item: item["screens"][3].update(back="man-vi"))],
    "act": [
        ("an act of nobody", lambda item: item["forbidden"][0].update(acts=["khong-co"])),
        ("nothing is forbidden", lambda item: item["forbidden"][0].update(acts=[])),
    ],
    "cap": [("a cap that caps nothing", lambda item: item["forbidden"][0].update(cap=3))],
    "goal": [("evidence of another goal", lambda item: item["evidence"][0].update(goals=["khong-co"]))],
    "evidence": [("the same level twice", lambda item: item["evidence"].append({"level": 2}))],
    "examples": [("an example that does not fit", lambda item: item["screens"][1]["elements"][1].update(longest=3))],
    "picture": [
        ("a picture that is not there", lambda item: item["screens"][3]["elements"].append({"picture": {"file": "mat.svg", "alt": {"vi": "Ảnh đã mất"}}})),
    ],
    "value_error": [
        ("two things at once", lambda item: item["screens"][3]["elements"][0].update(button={"vi": "Và"})),
        ("a field without examples", lambda item: item["screens"][1]["elements"][1].pop("examples")),
        ("a text that is masked", lambda item: item["screens"][3]["elements"][0].update(masked=True)),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        pytest.param(rule, change, id=f"{rule}: {title}")
        for rule, changes in BROKEN.items()
        for title, change in changes
    ],
)
def test_a_broken_machine_is_found(lawful: dict[str, Any], empty: Bank, rule: str, change: Change) -> None:
    change(lawful)
    assert rule in found(lawful, empty)


def test_a_highest_level_without_a_reason_is_asked_about(lawful: dict[str, Any], empty: Bank) -> None:
    assert "the most that is shown here is level 2" in found(lawful, empty, "warning")["sim_evidence_why"]
    lawful["evidence"][-1]["why"] = "Nothing is out of the ordinary."
    assert "sim_evidence_why" not in found(lawful, empty, "warning")


def test_every_rule_about_simulations_is_tried_here() -> None:
    assert {rule.id for rule in simulations.RULES if rule.severity == "error"} <= set(BROKEN)


def test_the_line_of_a_mistake_deep_inside_is_named(lawful: dict[str, Any], empty: Bank) -> None:
    lawful["screens"][1]["elements"][4]["do"][0]["when"] = {"so_tienn": {"at_most": 0}}
    text = yaml.safe_dump(lawful, allow_unicode=True, sort_keys=False)
    line = next(number for number, one in enumerate(text.splitlines(), start=1) if "so_tienn" in one)
    message = found(lawful, empty)["condition"]
    assert 'there is no variable "so_tienn"' in message
    assert int(message.split(":")[0]) in (line, line - 1)  # the condition begins at "when:"


def test_the_one_with_every_part_has_nothing_wrong(tmp_path: Path) -> None:
    bank = own_bank(tmp_path)
    bank.content.media.mkdir(parents=True)
    (bank.content.media / "anh-thu.svg").write_text("<svg/>", "utf-8")
    fields = yaml.safe_load((Path(__file__).parents[1] / "fixtures" / "may-thu-moi-bo-phan.yaml").read_text("utf-8"))
    assert found(fields, bank) == {}


def test_the_worked_example_of_the_author_s_page_has_nothing_wrong(empty: Bank) -> None:
    page = (Path(__file__).parents[2] / "docs" / "author.md").read_text("utf-8")
    example = page.split("## Simulators", 1)[1].split("```yaml\n", 1)[1].split("```", 1)[0]
    fields = {**HEAD, **yaml.safe_load(example)}
    assert found(fields, empty) == {}

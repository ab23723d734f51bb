"""JSON Schema of item and form files, made from the models, for completion and checks while typing.

An editor that knows JSON Schema (VS Code with its YAML extension, for one) offers the fields of the kind and
underlines mistakes. `bdhvs check` remains the judge: it also knows the framework, the other files and the texts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from bdhvs.core.blueprint import Blueprint
from bdhvs.core.forms import Form
from bdhvs.core.items import item_kinds

DRAFT: Final = "http://json-schema.org/draft-07/schema#"
FOLDER: Final = "schema"  # below assessments/

#: What an editor shows beside a field. A field without a line here speaks for itself.
NOTES: Final[Mapping[str, str]] = {
    "id": "The same as the file name; plain letters, digits and dashes; never used again.",
    "version": "Whole number; one more when the wording changes but not the meaning.",
    "competence": 'Code in quotes, such as "4.2"; "0.1" or "0.2" in the entry module.',
    "level": "1 to 6; 0 in the entry module.",
    "level_reason": "One line, English: why this level.",
    "skills": "Skills of assessments/framework/programme.yaml; may be [].",
    "audiences": "Whom the item is for; ids of assessments/framework/programme.yaml.",
    "sources": "Where claimed facts come from; [] when none is claimed.",
    "date": 'In quotes: "2026-11-22".',
    "stem": "At most 60 syllables; sentences of at most 25.",
    "picture": "A file of assessments/media/ with what it shows in words.",
    "hint": "One nudge that does not give the answer away.",
    "explanation": "The one thing to remember, shown when the item is over.",
    "partial": "How many points a partly right answer gets.",
    "fixed_last": "Options that stay at the end.",
    "shuffle": "false only when the order itself carries meaning.",
    "key": "true on a right option.",
    "tolerance": "How far off a number may be, in the answer's own unit.",
    "without_diacritics": "What an answer typed without marks is worth.",
    "frame": "phone, or story: a branching story with choices.",
    "variables": "Name: start value; true/false, a whole number, a text, or a list (a choice that starts as its first).",
    "screens": "The first is where it starts.",
    "when": "A condition, such as {so_tien: {at_least: 1}} or {any: [{a: true}, {b: true}]}.",
    "do": "Steps; the first whose when holds is taken.",
    "sets": "The variable that what is put in goes to.",
    "examples": "Right and wrong texts that the linter types.",
    "consequence": "From here the task cannot be done in full any more, and that is meant.",
    "missed": "Said when the goal does not hold at the end; names what, not how.",
    "forbidden": "Dangerous acts; recorded, and explained afterwards (why).",
    "acts": "Ids of what was pressed; with when: while that held before.",
    "cap": "Most points after this act; 0 when left out.",
    "evidence": "Which goals show which level, done alone.",
    "shortest": "Actions of the shortest right way.",
    "nudge": "Helps to think at this place; the next step is worked out by the machine.",
    "mode": "practice: feedback after each answer; assessment: nothing before the end.",
    "tries": "Answers taken per item in practice.",
    "ask_confidence": "true: after choosing, the learner may say how sure they are; it is never scored.",
    "box": "A rectangle of the picture from its upper left corner, in the units of its width and height.",
    "several": "true when more than one place may be chosen.",
    "can_from": "The lowest step that says: I can do this alone.",
    "minutes": "Expected length, for people; not a limit.",
    "adaptive": "In place of items: how they are chosen one by one. See docs/author.md.",
    "pool": "Which items may be chosen; what is left out does not limit.",
    "shares": "Share of the items of each domain, together 1; codes in quotes.",
    "cuts": "Abilities in logits that part the bands; without them every test has the maximum of items.",
    "certainty": "The test ends, from the minimum on, when the band has this probability.",
    "exposure": "The largest share of learners who may meet an item.",
    "enemies": "Lists of items of which a learner meets one at most.",
    "simulators": "How many items in which something is done, not chosen.",
    "kind_start": "Expected share of points of the first item, and of those after the first few.",
    "warm_up": "Domains without a share whose items come only at the start, to those for whom all others are too hard.",
    "prior": "Ability (logits) among those who come, before the first answer.",
    "seed": "attempt: drawn anew each time; learner: the same part of the pool for a person each time.",
    "turn": "In place of items: each learner gets one of two parallel forms at the first turn, and the other at the second.",
    "purpose": "Offered only when a teacher chooses it: placement, before_after, profile, break; with listed: false.",
    "within": "Only items of these forms.",
    "without": "No item of these forms; unit_practice and unit_checks stand for all forms inside lessons, explained for every form that tells its solutions.",
    "levels": "Which levels; in a blueprint the share of the items of each, together 1, in quotes.",
    "kinds_at_most": "Kind: items of it at most.",
    "each_competence": "How many items of every competence of the pool.",
    "pace": "Syllables a minute that those who come read.",
    "limit_minutes": "Of an assessment: the time after which the server ends it. Leave it out unless time itself matters.",
}


def schemas() -> dict[str, str]:
    """File name → text of each schema; the same models always give the same text."""
    made = {"item": item_schema(), "form": form_schema(), "blueprint": {"$schema": DRAFT, **_schema_of(Blueprint)}}
    return {f"{name}.schema.json": _text(schema) for name, schema in made.items()}


def write_schemas(assessments: Path) -> list[Path]:
    """The files written below `assessments`; those already right are left alone."""
    written = []
    for name, text in schemas().items():
        path = assessments / FOLDER / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            written.append(path)
    return written


def item_schema() -> dict[str, Any]:
    """One schema for all kinds: `kind` decides which fields there are."""
    definitions: dict[str, Any] = {}
    choices = []
    for kind, model in sorted(item_kinds().items()):
        own = _schema_of(model)
        definitions |= own.pop("$defs", {})
        definitions[model.__name__] = own
        then = {"$ref": f"#/$defs/{model.__name__}"}
        choices.append({"if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]}, "then": then})
    return {
        "$schema": DRAFT,
        "title": "Item",
        "type": "object",
        "required": ["id", "kind"],
        "properties": {"kind": {"enum": sorted(item_kinds())}},
        "allOf": choices,
        "$defs": dict(sorted(definitions.items())),
    }


def form_schema() -> dict[str, Any]:
    """The schema of a form."""
    either = [{"required": [one]} for one in ("items", "adaptive", "turn")]
    return {"$schema": DRAFT, **_schema_of(Form), "oneOf": either}


def _schema_of(model: type[BaseModel]) -> dict[str, Any]:
    simple: dict[str, Any] = _simplified(model.model_json_schema(by_alias=True))
    return simple


def _simplified(part: Any) -> Any:
    """A schema part without names and docstrings meant for programmers, defaults, and null: files have no null."""
    if isinstance(part, list):
        return [_simplified(one) for one in part]
    if not isinstance(part, dict):
        return part
    simple = {name: _simplified(one) for name, one in part.items() if name not in _FOR_PROGRAMMERS}
    if "properties" in part:
        simple["properties"] = {name: _with_note(name, _simplified(one)) for name, one in part["properties"].items()}
    return _without_null(simple)


_FOR_PROGRAMMERS = ("title", "description", "default", "properties")


def _without_null(part: dict[str, Any]) -> dict[str, Any]:
    wanted = [one for one in part.get("anyOf", []) if one != {"type": "null"}]
    if len(wanted) != 1:
        return part
    return {**{name: one for name, one in part.items() if name != "anyOf"}, **wanted[0]}


def _with_note(name: str, part: dict[str, Any]) -> dict[str, Any]:
    return {"description": NOTES[name], **part} if name in NOTES else part


def _text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"

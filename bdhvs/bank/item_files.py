"""One item or form file: from its document to the object, with everything wrong in the file itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from bdhvs.bank.paths import Content
from bdhvs.bank.read import read_model
from bdhvs.bank.yaml_lines import Document, Where, did_you_mean
from bdhvs.core.forms import Form
from bdhvs.core.framework import ENTRY_LEVEL, Framework
from bdhvs.core.items import item_kinds
from bdhvs.core.items.base import Item, repeated
from bdhvs.errors import Problem

Finding = tuple[str, Where, str]  # rule, place in the file, message


def read_item(document: Document, content: Content, framework: Framework) -> tuple[Item | None, list[Problem]]:
    """The item of a file (None when it cannot be used), and all problems of the file."""
    kind = document.value.get("kind") if isinstance(document.value, dict) else None
    model = item_kinds().get(kind) if isinstance(kind, str) else None
    if model is None and isinstance(kind, str):
        return None, _without_kind(document, kind)
    item, problems = read_model(document, model or Item)
    if item is None:
        return None, problems
    findings = [*_file_place(document, item), *_framework(item, framework), *_rest(item, content)]
    problems += _placed(document, findings)
    return (item if not problems else None), problems


def read_form(document: Document, known_items: Iterable[str]) -> tuple[Form | None, list[Problem]]:
    """The form of a file (None when it cannot be used), and all problems of the file."""
    form, problems = read_model(document, Form)
    if form is None:
        return None, problems
    problems += _placed(document, _form_findings(document, form, tuple(known_items)))
    return (form if not problems else None), problems


def turn_problems(form: Form, document: Document, forms: Mapping[str, Form]) -> list[Problem]:
    """Forms of a turn that are not there, or are no assessments with items of their own; empty for other forms."""
    fitting = [one.id for one in forms.values() if one.items and one.mode == "assessment"]
    findings: list[Finding] = []
    for index, one in enumerate(form.turn.forms if form.turn else ()):
        if one not in fitting:
            message = f'there is no assessment with a list of items called "{one}".{did_you_mean(one, fitting)}'
            findings.append(("turn", ("turn", "forms", index), message))
    return _placed(document, findings)


def file_stem(document: Document) -> str:
    """Name of the document's file without folder and ending."""
    return document.path.rpartition("/")[2].removesuffix(".yaml")


def _without_kind(document: Document, kind: str) -> list[Problem]:
    """The problems of the fields every item has, when the kind itself is not known."""
    known = list(item_kinds())
    message = f'found kind "{kind}", expected one of {", ".join(known)}.{did_you_mean(kind, known)}'
    _, problems = read_model(document, Item)
    rest = [one for one in problems if one.rule != "extra_forbidden"]
    return sorted([*rest, Problem(document.path, document.line(("kind",)), message, "kind")])


def _placed(document: Document, findings: Iterable[Finding]) -> list[Problem]:
    return [Problem(document.path, document.line(where), message, rule) for rule, where, message in findings]


def _file_place(document: Document, item: Item) -> Iterator[Finding]:
    stem, folder = file_stem(document), document.path.split("/")[-2]
    if item.id != stem:
        yield "file_name", ("id",), f'found id "{item.id}" in a file called {stem}.yaml; give both the same name'
    if item.competence != folder:
        message = f'found competence "{item.competence}" in the folder {folder}/; move the file or correct the code'
        yield "folder", ("competence",), message


def _framework(item: Item, framework: Framework) -> Iterator[Finding]:
    yield from _competence_and_level(item, framework)
    audiences = [one.id for one in framework.audiences]
    yield from _known("audience", ("audiences",), item.audiences, audiences)
    yield from _known("skill", ("skills",), item.skills, [one.id for one in framework.skills])


def _competence_and_level(item: Item, framework: Framework) -> Iterator[Finding]:
    if item.competence not in framework:
        there_are = ", ".join(framework.competences)
        yield "competence", ("competence",), f'competence "{item.competence}" does not exist; there are {there_are}'
        return
    entry = framework.domain(item.competence) == framework.entry
    levels = [level.number for level in framework.levels if level.for_items]
    expected = [ENTRY_LEVEL] if entry else [number for number in levels if number != ENTRY_LEVEL]
    if item.level not in expected:
        shown = str(expected[0]) if entry else f"{expected[0]} to {expected[-1]}"
        why = "the entry module" if entry else f'competence "{item.competence}"'
        yield "level", ("level",), f"found level {item.level}, expected {shown} in {why}"


def _known(what: str, where: Where, named: tuple[str, ...], known: list[str]) -> Iterator[Finding]:
    for index, one in enumerate(named):
        if one not in known:
            advice = did_you_mean(one, known) or f" There are: {', '.join(known)}."
            yield what, (*where, index), f'{what} "{one}" does not exist.{advice}'
    for one in repeated(named):
        yield "twice", where, f'{what} "{one}" is named twice; keep one'


def _rest(item: Item, content: Content) -> Iterator[Finding]:
    there = [path.name for path in content.media.glob("*")] if content.media.is_dir() else []
    for picture in item.pictures():
        if not (content.media / picture.file).is_file():
            message = f"assessments/media/{picture.file} does not exist.{did_you_mean(picture.file, there)}"
            yield "picture", ("picture", "file") if picture is item.picture else ("screens",), message
    yield from _calendar_date(item.date)
    for flaw in item.flaws():
        if flaw.severity == "error":
            yield flaw.rule, flaw.field, flaw.message


def _calendar_date(text: str) -> Iterator[Finding]:
    try:
        date.fromisoformat(text)
    except ValueError:
        yield "date", ("date",), f'there is no day "{text}"; write year-month-day, such as "2026-11-22"'


def _form_findings(document: Document, form: Form, known_items: tuple[str, ...]) -> Iterator[Finding]:
    stem = file_stem(document)
    if form.id != stem:
        yield "file_name", ("id",), f'found id "{form.id}" in a file called {stem}.yaml; give both the same name'
    for index, one in enumerate(form.items):
        if one not in known_items:
            message = f'there is no item "{one}" in the bank.{did_you_mean(one, known_items)}'
            yield "unknown_item", ("items", index), message
        first = form.items.index(one)
        if first != index:
            line = document.line(("items", first))
            yield "twice", ("items", index), f'item "{one}" is named twice (first on line {line}); keep one'
    yield from _limit(form)
    yield from _calendar_date(form.date)


def _limit(form: Form) -> Iterator[Finding]:
    if form.limit_minutes is None:
        return
    where = ("limit_minutes",)
    if form.mode != "assessment":
        message = "found a time limit in practice, where everybody takes the time they need; leave limit_minutes out"
        yield "limit", where, message
    elif form.minutes is not None and form.minutes > form.limit_minutes:
        expected = f"expected a limit of at least the {form.minutes} minutes that most people need (minutes)"
        yield "limit", where, f"found {form.limit_minutes}, {expected}; raise limit_minutes, or correct minutes"

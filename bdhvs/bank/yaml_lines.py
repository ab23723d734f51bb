"""A YAML file as plain values, with the line of each, and every problem of the file at once.

Only the part of YAML that an author needs is read: mappings, lists, texts, whole and decimal numbers, true and
false. Anchors, aliases and tags are refused, so a small file cannot swell into a huge one; so are words that
YAML would read as something else than they look (see `yaml_scalars`).

The parser's events are read instead of composed nodes: nodes no longer show whether a tag or an anchor was
written, and composing would already have followed the aliases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from bdhvs.bank.yaml_scalars import MisreadError, plain_value
from bdhvs.bank.yaml_text import decoded
from bdhvs.errors import Problem

#: A place in a file: names of mappings and indices of lists, from the outside in.
Where = tuple[str | int, ...]

MAX_DEPTH = 16  # our files nest five deep, guards of a simulation fourteen
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: Words of the parser → what an author should do. The first that fits is used.
_ADVICE: Mapping[str, str] = {
    "mapping values are not allowed": 'found a second ": " in one line; put a text that contains ": " in quotes',
    "could not find expected ':'": 'expected "name: value"; is a quote not closed, or a ":" missing?',
    "cannot start any token": "a text cannot begin with this sign; put the text in quotes",
    "did not find expected key": "expected the next field; check the indent, and quotes inside the text",
    "did not find expected '-' indicator": 'expected the next "- " of the list; check the indent',
    "did not find expected ',' or": "expected a comma or the closing bracket; put a text with , [ ] { } in quotes",
    "block sequence entries are not allowed": 'a "- " is not allowed here; start the list on a line of its own',
    "unexpected end of stream": "a quote or bracket is opened here and never closed",
    "expected the node content": "a text cannot begin with this sign; put the text in quotes",
    "expected alphabetic or numeric": "a text cannot begin with this sign; put the text in quotes",
    "expected comment or line break": "a text cannot begin with this sign; put the text in quotes",
    "expected hexdecimal number": 'a "\\" in a text in double quotes begins an escape; use single quotes',
    "unknown escape character": 'a "\\" in a text in double quotes begins an escape; use single quotes',
}


@dataclass(frozen=True)
class Document:
    """One file: plain values, and the line of each place. `lines` counts from 1."""

    path: str
    value: Any
    lines: Mapping[Where, int]
    problems: tuple[Problem, ...] = ()

    def line(self, where: Where) -> int:
        """The line of a place, or of the nearest thing around it that is in the file."""
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where, 1)

    def below(self, where: Where) -> Any:
        """What the file holds at `where`; None when there is no such place."""
        value = self.value
        for step in where:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return None
        return value


def read_document(path: Path, shown_as: str | None = None) -> Document:
    """The document in the file `path`; problems name it `shown_as`."""
    name = shown_as or path.as_posix()
    try:
        raw = path.read_bytes()
    except OSError as error:
        return Document(name, None, {}, (Problem(name, 0, f"cannot be read: {error.strerror}", "unreadable"),))
    return parse_document(raw, name)


def parse_document(raw: bytes, path: str) -> Document:
    """The document in `raw`; ``value`` is None when nothing could be read."""
    text, problems = decoded(raw, path)
    text = text.expandtabs(2)
    builder = _Builder(path, text.split("\n"), problems)
    try:
        value = builder.document(_events(text))
    except yaml.YAMLError as error:
        problems.append(_syntax_problem(error, path))
        value = None
    except _StopError:
        value = None
    if value is None and not problems:
        problems.append(Problem(path, 0, "the file is empty", "empty"))
    return Document(path, value, builder.lines, tuple(sorted(problems, key=lambda one: one.line)))


def _events(text: str) -> Iterator[Any]:
    """What the parser meets, as of ``yaml.parse``, which asks twice for each event: a bank has a hundred thousand."""
    loader = _Loader(text)
    try:
        yield from iter(loader.get_event, None)
    finally:
        loader.dispose()


def _syntax_problem(error: yaml.YAMLError, path: str) -> Problem:
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Problem(path, 0, f"cannot be read as YAML: {error}", "syntax")
    words = f"{error.problem} {error.context}"
    opened = error.context_mark if "end of stream" in words or "simple key" in words else None
    mark = opened or error.problem_mark
    advice = next((text for part, text in _ADVICE.items() if part in words), f"YAML cannot be read: {error.problem}")
    return Problem(path, mark.line + 1, f"{advice} (at sign {mark.column + 1} of the line)", "syntax")


class _StopError(Exception):
    """Reading further makes no sense; the reason is among the problems."""


@dataclass
class _Builder:
    path: str
    text: list[str]
    problems: list[Problem]
    lines: dict[Where, int] = field(default_factory=dict)

    def document(self, events: Iterator[Any]) -> Any:
        """The value of the one document in the stream."""
        value, documents = None, 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._problem(event, "documents", 'found a second "---"; one file holds one thing')
                    raise _StopError
                if event.version or event.tags:
                    self._problem(event, "directive", "found a % directive; delete it")
            elif not isinstance(event, yaml.StreamStartEvent | yaml.DocumentEndEvent | yaml.StreamEndEvent):
                self.lines[()] = event.start_mark.line + 1
                value = self._value(event, events, ())
        return value

    def _value(self, event: Any, events: Iterator[Any], where: Where) -> Any:
        if len(where) > MAX_DEPTH:
            self._problem(event, "depth", f"nested more than {MAX_DEPTH} deep; check the indent and brackets")
            raise _StopError
        if isinstance(event, yaml.AliasEvent):
            self._problem(event, "alias", f"found the alias *{event.anchor}; write the text out, or put it in quotes")
            return ""
        if event.anchor:
            self._problem(event, "anchor", f"found the anchor &{event.anchor}; delete it, or put the text in quotes")
        if event.tag:
            self._problem(event, "tag", f"found the tag {event.tag[:40]}; delete it, or put the text in quotes")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, where)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(events, where)
        return self._scalar(event)

    def _scalar(self, event: Any) -> Any:
        if event.style or event.tag:  # quoted, a block, or already refused
            return event.value
        self._check_ends(event)
        try:
            return plain_value(event.value)
        except MisreadError as misread:
            self._problem(event, "quote_it", str(misread))
            return event.value

    def _check_ends(self, event: Any) -> None:
        """A plain text is cut at `` #`` and goes on over line ends: both surprise an author."""
        if " " not in event.value and "\n" not in event.value:  # a single word, as nearly all are
            return
        start, end = event.start_mark, event.end_mark
        if self.text[end.line][end.column :].lstrip().startswith("#"):
            self._problem(event, "comment", 'the text is cut at " #"; put it in quotes, or the comment on its own line')
        if any(line.lstrip().startswith("- ") for line in self.text[start.line + 1 : end.line + 1]):
            self._problem(event, "list_in_text", 'a list runs into the text before it; put "|" after the colon')

    def _list(self, events: Iterator[Any], where: Where) -> list[Any]:
        values: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            place = (*where, len(values))
            self.lines[place] = event.start_mark.line + 1
            values.append(self._value(event, events, place))
        return values

    def _mapping(self, events: Iterator[Any], where: Where) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            name = self._name(event)
            place = (*where, name)
            twice = name in values
            if twice:
                first = self.lines[place]
                self._problem(event, "twice", f'"{name}" stands here a second time (first on line {first}); keep one')
            else:
                self.lines[place] = event.start_mark.line + 1
            value = self._value(next(events), events, place)
            if not twice:
                values[name] = value
        return values

    def _name(self, event: Any) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            self._problem(event, "name", "the name of a field must be a plain word; put texts with [ ] { } in quotes")
            raise _StopError
        name = self._scalar(event)
        if not isinstance(name, str):
            self._problem(event, "quote_it", f'the name {event.value} is read as a number; put it in quotes: "{name}"')
        return str(event.value)

    def _problem(self, event: Any, rule: str, message: str) -> None:
        self.problems.append(Problem(self.path, event.start_mark.line + 1, message, rule))


def did_you_mean(word: str, known: Iterator[str] | list[str] | tuple[str, ...]) -> str:
    """`` Did you mean "…"?`` with the nearest of `known`, or nothing when none is near."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f' Did you mean "{near[0]}"?' if near else ""

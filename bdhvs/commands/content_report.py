"""The report on a bank for people and for programs: what ``bdhvs check --report`` prints."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from itertools import groupby
from typing import Any

import click

from bdhvs.bank.loader import Bank
from bdhvs.bank.report.contents import Contents
from bdhvs.bank.report.quality import Quality
from bdhvs.bank.report.reading import ReadingOf
from bdhvs.bank.yaml_lines import Where

JSON_VERSION = 1
_MOST_SHOWN = 400  # signs of a line


def as_json(bank: Bank, found: Contents, findings: Quality) -> str:
    """Everything as one object (see docs/author.md)."""
    report: dict[str, Any] = {
        "v": JSON_VERSION,
        "bank": bank.version,
        "findings": findings.findings,
        "contents": {
            **{
                name: value
                for name, value in asdict(found).items()
                if name not in ("coverage", "audiences", "by_level")
            },
            "coverage": [
                {"competence": code, "level": level, "items": count}
                for (code, level), count in found.coverage.counts.items()
            ],
            "audiences": _rows(found.audiences, "competence"),
            "by_level": _rows(found.by_level, "level"),
        },
        "quality": _placed(asdict(findings), bank),
    }
    return json.dumps(report, ensure_ascii=False, indent=2)


def _rows(counts: Mapping[tuple[Any, str], int], name: str) -> list[dict[str, object]]:
    return [{name: one, "audience": audience, "items": count} for (one, audience), count in sorted(counts.items())]


def _placed(findings: dict[str, Any], bank: Bank) -> dict[str, Any]:
    """The findings with file and line in place of what only we know."""
    for name in ("too_much", "read_badly"):
        for one in findings[name]:
            path, line = _place(bank, one["item"], one.pop("where", ()))
            one.update(path=path, line=line)
    return findings


def _place(bank: Bank, item: str, where: Where = ()) -> tuple[str, int]:
    document = bank.item_documents[item]
    return document.path, document.line(where) if where else 0


def as_text(bank: Bank, found: Contents, findings: Quality) -> str:
    """The report in lines, what to look at last, so that it is what stays on the screen."""
    return "\n\n".join(
        [
            _block("Items by competence and level (· none)", found.coverage.table().split("\n")),
            _block("Items for each audience, by level", _audience_lines(bank, found)),
            _block("Kinds", [_counts(found.kinds)]),
            _block("Skills of the programme", [_counts(found.skills)]),
            _block("Where it happens", [_counts(found.contexts)]),
            _block("Place of the key in the file (single choice; shuffled when shown)", _key_lines(found)),
            _block("Reading load, simulations apart (medians; syllables before answering)", _reading_lines(findings)),
            _block("Sources", _source_lines(findings)),
            _block(f"Closest pairs (similarity 0–1; looked at from {findings.look_from:g} on)", _pair_lines(findings)),
            *_findings(bank, findings),
            click.style(
                f"{findings.findings} things to look at.", fg="yellow" if findings.findings else "green", bold=True
            ),
        ]
    )


def _block(title: str, lines: Iterable[str]) -> str:
    return "\n".join([click.style(title, bold=True), *(f"  {line}"[:_MOST_SHOWN] for line in lines)])


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def _audience_lines(bank: Bank, found: Contents) -> Iterator[str]:
    levels = found.coverage.levels
    yield f"{'':26}" + "".join(f"{level:>5}" for level in levels) + "   all  share"
    for audience, count in found.for_audience.items():
        cells = "".join(f"{found.by_level.get((level, audience), 0) or '·':>5}" for level in levels)
        yield f"{audience:26}{cells}{count:>6}{count / max(1, found.tasks):>7.0%}"


def _key_lines(found: Contents) -> Iterator[str]:
    for one in found.keys:
        yield f"{one.options} options: " + ", ".join(f"{place}. {count}" for place, count in enumerate(one.places, 1))


def _reading_lines(findings: Quality) -> Iterator[str]:
    yield f"{'':26}items  syllables  90 %  sentence  longest  letters  long  unusual"
    for name, one in [
        *((f"level {level}", one) for level, one in findings.by_level.items()),
        *findings.by_audience.items(),
    ]:
        yield _reading_line(name, one)


def _reading_line(name: str, one: ReadingOf) -> str:
    return (
        f"{name:26}{one.items:>5}{one.syllables:>11.0f}{one.syllables_90:>6.0f}{one.mean_sentence:>10.1f}"
        f"{one.longest_sentence:>9}{one.letters:>9.2f}{one.long_share:>6.0%}{one.unusual_share:>9.1%}"
    )


def _source_lines(findings: Quality) -> Iterator[str]:
    own = findings.sources
    yield f"{own.with_source} items claim a fact and name {own.different} sources; by year: {_counts(own.by_year)}"


def _pair_lines(findings: Quality) -> Iterator[str]:
    for one in findings.alike:
        note = f"  looked at: {one.looked_at}" if one.looked_at else ""
        yield f"{one.similarity:.2f}  {one.one} – {one.other}{note}"


def _findings(bank: Bank, findings: Quality) -> Iterator[str]:
    blocks = {
        "Too much to read": [
            f"{_place(bank, one.item)[0]}: {one.measure} {one.found:g}, at most {one.most:g} for {one.readers}; {one.advice}"
            for one in findings.too_much
        ],
        "Read aloud badly": list(_aloud_lines(bank, findings)),
        "Alike, and nobody has said why both are needed": [
            f"{one.similarity:.2f}  {one.one} – {one.other}: change one, or name the pair under different or enemies in assessments/quality/alike.yaml"
            for one in findings.to_compare
        ],
        "One gives the other away, and a learner can meet both": [
            f"form {one.form}: {one.items[0]} – {one.items[1]} ({one.why}); take one out, or name them under enemies of the form"
            for one in findings.enemies
        ],
        "Too few for an audience": [
            f"{one.audience}: {one.found:.1%} of the items, at least {one.least:.0%}"
            if one.domain is None
            else f"{one.audience}: {one.found:.0f} items in domain {one.domain}, at least {one.least:.0f}"
            for one in findings.too_few
        ],
        "Sources to look at again": [
            f"{one.title} ({one.date or 'no date'}): {', '.join(one.items)}" for one in findings.sources.to_look_at
        ],
    }
    for title, lines in blocks.items():
        if lines:
            yield _block(f"{title} ({len(lines)})", lines)


def _aloud_lines(bank: Bank, findings: Quality) -> Iterator[str]:
    for rule, group in groupby(sorted(findings.read_badly, key=lambda one: one.rule), key=lambda one: one.rule):
        own = list(group)
        yield f"{rule}: {own[0].advice}"
        for one in own:
            path, line = _place(bank, one.item, one.where)
            yield f'  {path}:{line}: "{one.found}"'

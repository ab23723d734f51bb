"""The data dictionary of a dataset: what each column holds, and what cannot be concluded, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict

from bdhvs.dataset.manifest import Manifest
from bdhvs.dataset.schema import PARTITIONS, PUBLIC_TABLES, RESEARCH_TABLES, Column

SYNTHETIC = "DỮ LIỆU GIẢ LẬP / SYNTHETIC DATA: nobody in it exists, nothing in it is a finding."

#: The values of `outcome`, and what may be made of each.
SILENCES: Mapping[str, str] = {
    "answered": "there is an answer; the only one of the four with a score",
    "skipped": "passed over on purpose; counting it as 0 points is a decision of yours: say it",
    "not_reached": "never came on the screen; says nothing about the learner: never count it as wrong",
    "cut_off": "was on the screen when the attempt ended; whether there was time to answer is not known",
}

#: What no table here can show, whoever asks.
LIMITS: tuple[str, ...] = (
    "A class is not a sample: who came, on whose phone and with whose help decides much. No share here is the share of a "
    "commune, a province or a group of people.",
    "A silence is not a wrong answer (see above), and a missing attribute is not 'no': people may say nothing of themselves, "
    "and some of what they said is withheld.",
    "Answers with help say what can be done with help; `help` belongs into every comparison.",
    "Adaptive forms give harder items to abler people: shares of right answers of such attempts say nothing about items.",
    "Levels of items are their authors' aim; bands hold for the calibration and cut scores named beside them.",
    "Practice is practice: answers after feedback (`try` > 1, `after_solutions`) show learning within the item.",
    "No result here is the state's confirmation of anything on VNeID.",
)

#: What k-anonymity does not protect from, said wherever a dataset goes.
NOT_PROTECTED: tuple[str, ...] = (
    "Whoever knows how somebody answered (sat beside them) may find the row by the pattern of answers and times.",
    "Where all of a group share a trait or a result, belonging to the group tells it (homogeneity).",
    "Knowledge from elsewhere (who came on that day, how large a class was) narrows a group down.",
    "Two datasets of overlapping classes or times may be compared group by group, although their numbers differ.",
)

VIETNAMESE = """\
> **Đọc trước khi dùng.** Trong bộ dữ liệu này không có tên ai, nhưng mỗi dòng vẫn là chuyện của một người thật: đừng tìm
> xem đó là ai, đừng ghép với nguồn khác để tìm. Bỏ qua, chưa tới, hết giờ không phải là trả lời sai. Một lớp học không
> phải là một mẫu điều tra: không số nào ở đây là tỉ lệ của một xã hay một tỉnh.
"""


def dictionary_page(manifest: Manifest) -> str:
    """The dictionary as Markdown."""
    return "\n".join(_page(manifest)) + "\n"


def dictionary_json(manifest: Manifest) -> str:
    """The dictionary as JSON: tables, columns with kind and meaning, silences, limits."""
    tables = {
        name: {column: {**one._asdict(), "partition": _in_folders(name, column)} for column, one in columns.items()}
        for name, columns in _tables(manifest).items()
    }
    found = {
        "schema_version": manifest.schema_version,
        "privacy": manifest.privacy,
        "k": manifest.k,
        "synthetic": manifest.synthetic,
        "tables": tables,
        "outcomes": dict(SILENCES),
        "cannot_be_concluded": list(LIMITS),
        "not_protected": list(NOT_PROTECTED),
    }
    return json.dumps(found, ensure_ascii=False, indent=1)


def _tables(manifest: Manifest) -> Mapping[str, Mapping[str, Column]]:
    return RESEARCH_TABLES if manifest.privacy == "research" else PUBLIC_TABLES


def _in_folders(table: str, column: str) -> bool:
    return table == "responses" and column in PARTITIONS


def _page(manifest: Manifest) -> Iterator[str]:
    yield "# Data dictionary\n"
    if manifest.synthetic:
        yield f"**{SYNTHETIC}**\n"
    else:
        yield VIETNAMESE
    yield from _facts(manifest)
    yield "\n## Four outcomes\n"
    yield from (f"- `{name}`: {meaning}." for name, meaning in SILENCES.items())
    yield "\n## What cannot be concluded\n"
    yield from (f"- {limit}" for limit in LIMITS)
    yield "\n## What is not protected\n"
    yield from (f"- {attack}" for attack in NOT_PROTECTED)
    for name, columns in _tables(manifest).items():
        yield f"\n## `{name}` ({manifest.rows.get(name, 0):,} rows)\n"
        yield "| column | kind | what it holds |\n|---|---|---|"
        for column, one in columns.items():
            folders = " (in the folder's name)" if _in_folders(name, column) else ""
            yield f"| `{column}` | {one.kind} | {one.about}{folders} |"


def _facts(manifest: Manifest) -> Iterator[str]:
    level = f"{manifest.privacy}, k = {manifest.k}" if manifest.k else manifest.privacy
    yield f"- made by {manifest.made_by}, {manifest.made_at}; tables version {manifest.schema_version}; privacy: {level}"
    yield f"- days: {manifest.period.get('first_day')} to {manifest.period.get('last_day')}, in Vietnam (UTC+7)"
    yield f"- item banks: {', '.join(manifest.bank_versions) or 'none named'}"
    for one in manifest.calibrations:
        yield "- scores by " + ", ".join(f"{name} {value}" for name, value in one.items())
    if manifest.loss:
        yield f"- what privacy cost: `{json.dumps(asdict(manifest)['loss'], ensure_ascii=False)}`"

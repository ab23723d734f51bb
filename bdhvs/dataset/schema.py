"""The tables of a research dataset, column by column: the contract between who writes one and who asks it.

::

    responses/province=38/commune=14755/day=2026-11-22/part-00000.parquet
    learners/part-00000.parquet   items/part-00000.parquet   scores/part-00000.parquet
    combinations/part-00000.parquet   movement/part-00000.parquet
    manifest.json   dictionary.md   dictionary.json

Declared without any library: the writer turns it into Arrow types, the dictionary into a page, the query engines into
tables. A new column goes at the end of its table, says ``since`` which version it is there, and raises `VERSION`; reading
an older dataset gives it as missing.

The columns of `PARTITIONS` stand in the names of the folders and not again in the files, as Hive, Spark and DuckDB have
it. They are texts and a date: an engine that guesses types from names would make 14755 of "14755" and 7 of "007", so tell
it (`bdhvs.dataset.arrow.partition_schema`).

Numbers stand for people and classes (`learner`, `attempt`, `classroom`): they are drawn anew for every dataset, so two
datasets cannot be joined through them, nor one with the store.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

#: Raised when a column or table is added, or changes its meaning. 2: the tables ``combinations`` and ``movement``.
VERSION = 2

#: category: a repeated text. whole: a nullable whole number. real: a nullable real number. json: a text that is JSON.
Kind = Literal["category", "text", "json", "whole", "real", "flag", "date"]


class Column(NamedTuple):
    """One column: its kind and what it holds, with unit, range and what a missing value says."""

    kind: Kind
    about: str
    since: int = 1


#: How responses are laid out in folders, outermost first: ``responses/province=38/commune=14755/day=2026-11-22/``.
PARTITIONS = ("province", "commune", "day")
#: Columns of responses that whoever writes them does not give: those of the folders, and what is made of other columns.
NOT_GIVEN = (*PARTITIONS, "combination")
#: Where a class said no place, or its place was withheld because too few share it.
NO_PLACE = "none"

_PLACE = {
    "province": Column("category", "code of the province the class named; 'none' when it named none or it is withheld"),
    "commune": Column("category", "code of the commune the class named; 'none' when it named none or it is withheld"),
}

#: One row per answer, or per silence, of each item of each attempt. Rows of a learner stand together in their file.
RESPONSES: dict[str, Column] = {
    **_PLACE,
    "day": Column("date", "day the attempt began, in Vietnam (UTC+7)"),
    "learner": Column("whole", "number of the learner in this dataset, from 1, drawn anew for every dataset"),
    "attempt": Column("whole", "number of the attempt in this dataset, from 1"),
    "classroom": Column("whole", "number of the class in this dataset, from 1"),
    "form": Column("category", "id of the form"),
    "form_version": Column("whole", "version of the form"),
    "mode": Column("category", "practice (feedback after each answer) or assessment (none before the end)"),
    "attempt_status": Column("category", "started, paused or finished, when the dataset was made"),
    "finish_reason": Column("category", "learner, teacher or time; missing while the attempt is not finished"),
    "bank_version": Column("category", "digest of the item bank the attempt was given from"),
    "position": Column("whole", "place of the item in the attempt, from 1"),
    "item": Column("category", "id of the item"),
    "item_version": Column("whole", "version of the item"),
    "kind": Column("category", "kind of item, e.g. single_choice"),
    "competence": Column("category", "code of the competence, e.g. 4.2; 0.1 and 0.2 are the entry module"),
    "domain": Column("category", "code of the domain, the part before the dot"),
    "level": Column("whole", "level the author aimed at, 1-6; 0 in the entry module"),
    "outcome": Column("category", "answered, skipped, not_reached or cut_off"),
    "try": Column("whole", "number of the answer within the item, from 1; 0 for a silence"),
    "last": Column("flag", "true on the row that counts: the last answer, or the silence"),
    "option": Column(
        "category", "id of the option chosen in a single choice; missing for other kinds and for silences"
    ),
    "response": Column(
        "json", "the answer in the author's ids; missing for a silence and for whatever was typed freely"
    ),
    "score": Column("whole", "points; missing for a silence and a self-assessment"),
    "max": Column("whole", "most points the item gives, at least 1; missing for a self-assessment"),
    "verdict": Column("category", "right, partly, almost or wrong; noted for a self-assessment; missing for a silence"),
    "reason": Column("category", "code of the rule that decided a typed answer; missing otherwise"),
    "help": Column("category", "none, hint or teacher; for a silence the help asked so far"),
    "confidence": Column("whole", "1-4 as the learner said; missing when not asked"),
    "elapsed_ms": Column("whole", "time on screen before this answer, milliseconds; missing when unknown"),
    "since_start_s": Column(
        "whole", "seconds from the beginning of the attempt to this answer; missing when none came"
    ),
    "neutralised": Column("flag", "true when the teacher took the item out of the class's results"),
    "after_solutions": Column("flag", "true when this answer came after the learner could look at the solutions"),
    "adaptive_version": Column("category", "digest of pool, rules and calibration; missing for a fixed list"),
    "combination": Column(
        "whole", "number of the row's combination of values in `combinations`; the writer adds it", since=2
    ),
}

#: Columns of responses that say what was asked, what came and what it is worth: nothing of a person, a place or a time.
COMBINED = (
    "mode", "item", "item_version", "kind", "competence", "domain", "level", "outcome", "try", "last", "option", "score", "max",
    "verdict", "help", "neutralised", "after_solutions",
)  # fmt: skip

#: One row per combination of these that occurs among the responses: `bdhvs.dataset.combinations`.
COMBINATIONS: dict[str, Column] = {
    "combination": Column("whole", "number of the combination: made of its values, so the same in every dataset", since=2),
    **{name: RESPONSES[name]._replace(since=2) for name in COMBINED},
}

#: One row per learner with at least one response. What was not told, not consented to, or withheld because too few share
#: it, is missing: the manifest counts what was withheld.
LEARNERS: dict[str, Column] = {
    "learner": Column("whole", "number of the learner in this dataset"),
    "classroom": Column("whole", "number of the learner's class in this dataset"),
    **_PLACE,
    "audience": Column(
        "category",
        "group of the programme, e.g. elderly: as told, else the one the class is for; missing when neither is known",
    ),
    "age_band": Column("category", "under_15, 15_24, 25_39, 40_59, 60_74 or 75_up; missing when not told"),
    "sex": Column("category", "female or male; missing when not told or told as another"),
    "region": Column("category", "urban or rural, as the class said; missing when it did not"),
    "device": Column("category", "phone, tablet or computer: the device most answers came from; missing when unknown"),
    "first_day": Column("date", "day of the learner's first attempt, in Vietnam (UTC+7)"),
}

#: One row per item and version that occurs among the responses.
ITEMS: dict[str, Column] = {
    "item": Column("category", "id of the item"),
    "item_version": Column("whole", "version of the item"),
    "kind": Column("category", "kind of item"),
    "competence": Column("category", "code of the competence"),
    "domain": Column("category", "code of the domain"),
    "level": Column("whole", "level the author aimed at, 1-6; 0 in the entry module"),
    "max": Column("whole", "most points the item gives; missing for a self-assessment"),
    "digest": Column("category", "digest of the item's text and key"),
}

#: One row per score and domain: what finished attempts show, by which calibration.
SCORES: dict[str, Column] = {
    "learner": Column("whole", "number of the learner in this dataset"),
    "attempt": Column("whole", "number of the finished attempt; the score rests on all due work up to it"),
    **_PLACE,
    "day": Column("date", "day of the score, in Vietnam (UTC+7)"),
    "newest": Column("flag", "true on the newest score of the learner"),
    "score_version": Column("category", "digest of calibration, cut scores and model"),
    "calibration": Column("category", "version of the calibration"),
    "cut_scores": Column("category", "ids of the cut scores, apart by a space"),
    "model": Column("category", "name of the model"),
    "synthetic": Column("flag", "true when the calibration is of simulated learners: not a result"),
    "gate": Column("category", "entry module: open, closed, insufficient or not_asked"),
    "domain": Column("category", "code of the domain"),
    "tasks": Column("whole", "calibrated tasks of this domain the score rests on"),
    "ability": Column("real", "what is done alone, logits (posterior mean); missing without an estimate"),
    "se": Column("real", "its standard error, logits"),
    "band": Column("category", "band named, 'below' under the lowest; missing: not enough evidence"),
    "at_least": Column("category", "highest band reached for sure; missing when not even the lowest is"),
}

#: One row per place of classes where anything is told. Every number below k is missing, and so it is where there is nothing to count.
MOVEMENT: dict[str, Column] = {
    "province": Column("category", _PLACE["province"].about, 2),
    "commune": Column("category", _PLACE["commune"].about, 2),
    "facilitators": Column(
        "whole", "learners of the group that teaches others: community teams, youth union, teachers", 2
    ),
    "ambassadors": Column(
        "whole", "learners who helped as many people as the programme asks for, each with their own hands", 2
    ),
    "helped": Column("whole", "people who confirmed on a phone of their own that a learner helped them", 2),
    "households": Column("whole", "households that learners formed in class", 2),
    "households_reached": Column(
        "whole", "of them those with somebody who can do the five things; missing too where fewer than k cannot yet", 2
    ),
}

#: Tables of the research level that have rows of persons, without names.
TABLES: Mapping[str, Mapping[str, Column]] = {
    "responses": RESPONSES,
    "learners": LEARNERS,
    "items": ITEMS,
    "scores": SCORES,
    "combinations": COMBINATIONS,
}

#: All tables of the research level.
RESEARCH_TABLES: Mapping[str, Mapping[str, Column]] = {**TABLES, "movement": MOVEMENT}

#: In a public table the rest of a place, of a competence's items or of a place's bands, put together until enough are in it.
REST = "rest"

_COUNTS = {
    "learners": Column("whole", "different learners in this row, at least k"),
    "answered": Column("whole", "items answered (the last row of each item of each attempt)"),
    "skipped": Column("whole", "items passed over on purpose"),
    "not_reached": Column("whole", "items that never came on the screen"),
    "cut_off": Column("whole", "items on the screen when the attempt ended"),
    "share": Column(
        "real", "points of the answered items, as a share of their maximum, 0-1; missing when none was answered"
    ),
    "alone": Column("real", "share of the answered items answered without hint or helper, 0-1; missing when none was"),
}
_PUBLIC_PLACE = {
    "province": Column(
        "category", "code of the province; 'none': no place named; 'rest': provinces too small to stand alone"
    ),
    "commune": Column("category", "code of the commune; 'none': not named; 'rest': communes too small to stand alone"),
}

#: One row per mode, competence and place. Rows of a mode and competence add up to all of them: there are no totals.
PUBLIC_COMPETENCES: dict[str, Column] = {
    "mode": Column("category", "practice (feedback after each answer) or assessment (none before the end)"),
    "competence": Column("category", "code of the competence"),
    "domain": Column("category", "code of the domain"),
    **_PUBLIC_PLACE,
    **_COUNTS,
}

#: One row per mode, item and version, over all places.
PUBLIC_ITEMS: dict[str, Column] = {
    "mode": PUBLIC_COMPETENCES["mode"],
    "competence": PUBLIC_COMPETENCES["competence"],
    "domain": PUBLIC_COMPETENCES["domain"],
    "item": Column(
        "category", "id of the item; 'rest': items of the competence given to too few, or in some places only"
    ),
    "item_version": Column("whole", "version of the item; missing for 'rest'"),
    "level": Column("whole", "level the author aimed at, 1-6; 0 in the entry module; missing for 'rest'"),
    **_COUNTS,
}

#: One row per score version, domain, place and band: the newest score of each learner.
PUBLIC_BANDS: dict[str, Column] = {
    "score_version": SCORES["score_version"],
    "synthetic": SCORES["synthetic"],
    "domain": Column("category", "code of the domain"),
    **_PUBLIC_PLACE,
    "band": Column(
        "category", "band named; 'below' the lowest; 'unknown': not enough evidence; 'rest': bands of too few"
    ),
    "learners": Column("whole", "learners in this row, at least k"),
}

#: Tables of the public level: counts and means, no row about a person.
PUBLIC_TABLES: Mapping[str, Mapping[str, Column]] = {
    "competence_results": PUBLIC_COMPETENCES,
    "item_results": PUBLIC_ITEMS,
    "band_results": PUBLIC_BANDS,
}

ALL_TABLES: Mapping[str, Mapping[str, Column]] = {**RESEARCH_TABLES, **PUBLIC_TABLES}

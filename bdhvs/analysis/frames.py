"""Answers as pandas frames: from a class's data folder, or from a dataset of ``bdhvs export``.

::

    from bdhvs import frames

    answers = frames.responses("bdhvs-data")       # or the folder of a dataset
    frames.attempts("bdhvs-data")                  # one row per attempt: what was given, answered, passed over
    frames.learners(...), frames.items(...), frames.scores(...)

Repeated texts are categories, whole and real numbers and flags can be missing, times are UTC. People are ids of the store
(UUIDv7) in the frames of a data folder, numbers of their own in those of a dataset; a dataset has days (in Vietnam) and seconds
since the attempt began in the place of times. All five can be joined by ``learner`` and ``attempt``, ``item`` and ``item_version``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bdhvs.analysis.attempts import attempt_frame
from bdhvs.analysis.dataset_frames import dataset_frame, is_dataset, item_frame, learner_types, need_pandas
from bdhvs.bank.framework import Framework
from bdhvs.service import ambassador_table, score_table
from bdhvs.service.score_table import score_rows
from bdhvs.store import Store
from bdhvs.store import learners as learner_table
from bdhvs.store.export import COLUMNS, response_rows

if TYPE_CHECKING:
    import pandas as pd

_TIMES = ("started_at", "recorded_at", "neutralised", "scored_at")
_WHOLE_NUMBERS = (
    "form_version", "position", "item_version", "level", "try", "score", "max", "confidence", "elapsed_ms", "limit_minutes",
    "extra_minutes", "reopened",
)  # fmt: skip
_CATEGORIES = (
    "classroom", "learner", "attempt", "form", "mode", "attempt_status", "finish_reason", "bank_version", "item", "kind",
    "competence", "domain", "outcome", "verdict", "reason", "help", "score_version", "calibration", "cut_scores",
)  # fmt: skip


def responses(data: str | Path) -> pd.DataFrame:
    """One row per response in a data folder or a dataset, without names.

    Parameters
    ----------
    data : a data folder of ``bdhvs serve`` (it may be in use: reading does not disturb the class), or the folder of a dataset.

    Returns
    -------
    DataFrame. Of a dataset, columns are `bdhvs.dataset.schema.RESPONSES`. Of a data folder, rows × 40 columns, in the order
    answers were given within each attempt: columns and their meaning are `bdhvs.store.export.COLUMNS` (also: ``bdhvs results
    --columns``). Times are UTC (``datetime64[us, UTC]``), whole numbers are nullable ``Int64``, repeated texts are categories;
    a silence has missing ``response``, ``score`` and ``verdict`` and says in ``outcome`` which silence it is.

    Raises
    ------
    StoreError
        when there is no class in `data`, or its file is damaged.
    DatasetError
        when the dataset is of the public level; `DatasetDamaged` when it is not what was written.
    MissingExtra
        when pandas is not installed.

    Examples
    --------
    >>> frame = bdhvs.responses("bdhvs-data")                                          # doctest: +SKIP
    >>> frame.query("last and mode == 'assessment'").groupby("competence").score.mean()  # doctest: +SKIP
    """
    need_pandas()
    if is_dataset(data):
        return dataset_frame(data, "responses")
    import pandas as pd

    with Store.read_only(data) as store:
        return typed(pd.DataFrame(response_rows(store), columns=list(COLUMNS)))


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of `bdhvs.store.export.response_rows` in the types that `responses` says."""
    import pandas as pd

    types = dict.fromkeys(_WHOLE_NUMBERS, "Int64") | dict.fromkeys(_CATEGORIES, "category")
    frame = frame.astype(types | {"last": "bool", "after_solutions": "bool", "response": "string", "neutralised_why": "string"})
    for name in _TIMES:
        frame[name] = pd.to_datetime(frame[name], utc=True, format="ISO8601").astype("datetime64[us, UTC]")
    return frame


def scores(data: str | Path) -> pd.DataFrame:
    """One row per score and domain in a data folder or a dataset, without names: what finished attempts show, by which version.

    Returns
    -------
    DataFrame, oldest score first. Columns and their meaning are `bdhvs.service.score_table.COLUMNS` (also: ``bdhvs results
    --scores --columns``). Choose the rows before averaging: ``newest`` is true on the newest score of each attempt, and
    learners with several attempts have several.

    Raises
    ------
    StoreError
        when there is no class in `data`, or its file is damaged.
    MissingExtra
        when pandas is not installed.
    """
    need_pandas()
    if is_dataset(data):
        return dataset_frame(data, "scores")
    import pandas as pd

    with Store.read_only(data) as store:
        frame = pd.DataFrame(score_rows(store), columns=list(score_table.COLUMNS))
    frame = frame.astype({"tasks": "Int64", "ability": "Float64", "se": "Float64", "newest": "bool", "synthetic": "bool"})
    frame["scored_at"] = pd.to_datetime(frame["scored_at"], utc=True, format="ISO8601").astype("datetime64[us, UTC]")
    return frame


def learners(data: str | Path) -> pd.DataFrame:
    """One row per learner in a data folder or a dataset who began something, without names: the groups that fairness is asked for.

    Returns
    -------
    DataFrame, by pseudonym. Columns and their meaning are `bdhvs.store.learners.COLUMNS` (also: ``bdhvs results --learners
    --columns``). All but ``first_day`` (``datetime64[s]``, a day in Vietnam) are categories; those of ``age_band`` are ordered,
    young to old, those of ``age_band``, ``sex``, ``region`` and ``device`` are always all there are, so that classes can be put
    together. Missing: not told, not consented to, or not known. Telling is voluntary: who told is no sample of who learns.

    Raises
    ------
    StoreError
        when there is no class in `data`, or its file is damaged.
    MissingExtra
        when pandas is not installed.

    Examples
    --------
    >>> frame = frames.responses(data).merge(frames.learners(data), on=["classroom", "learner"])  # doctest: +SKIP
    """
    need_pandas()
    if is_dataset(data):
        return dataset_frame(data, "learners")
    import pandas as pd

    with Store.read_only(data) as store:
        frame = pd.DataFrame(learner_table.learner_rows(store), columns=list(learner_table.COLUMNS))
    frame["first_day"] = pd.to_datetime(frame["first_day"]).astype("datetime64[s]")
    names = frame.columns.drop("first_day")
    return learner_types(frame.astype(dict.fromkeys(names, "category")))


def items(data: str | Path) -> pd.DataFrame:
    """One row per item and version that was given, in a data folder or a dataset: no text, no key.

    Returns
    -------
    DataFrame, by id and version; columns are `bdhvs.dataset.schema.ITEMS`.
    """
    need_pandas()
    if is_dataset(data):
        return dataset_frame(data, "items")
    with Store.read_only(data) as store:
        return item_frame(store.item_versions())


def attempts(data: str | Path) -> pd.DataFrame:
    """One row per attempt in a data folder or a dataset: whose, at what, and what became of its tasks.

    Returns
    -------
    DataFrame, in the order of `responses`. Columns are those of `responses` that hold of a whole attempt, and
    `bdhvs.analysis.attempts.COUNTS`: tasks by outcome, points and their maximum, the share of points among tasks answered.
    """
    return attempt_frame(responses(data))


def ambassadors(data: str | Path) -> pd.DataFrame:
    """One row per person who confirmed that a learner helped them, without names.

    Returns
    -------
    DataFrame, helper by helper, oldest day first. Columns and their meaning are `bdhvs.service.ambassador_table.COLUMNS` (also:
    ``bdhvs results --ambassadors --columns``). ``day`` is a date without a time: none is kept.

    Raises
    ------
    StoreError
        when there is no class in `data`, or its file is damaged.
    NotFound
        when the framework names no evidence of helping others.
    MissingExtra
        when pandas is not installed.
    """
    need_pandas()
    import pandas as pd

    model = ambassador_table.required(Framework.load().ambassador)
    with Store.read_only(data) as store:
        frame = pd.DataFrame(ambassador_table.ambassador_rows(store, model), columns=list(ambassador_table.COLUMNS))
    whole = dict.fromkeys(("own_hands_so_far", "needed", "level"), "Int64")
    frame = frame.astype({**whole, "own_hands": "bool", "is_evidence": "bool"})
    frame["day"] = pd.to_datetime(frame["day"], format="ISO8601").astype("datetime64[us]")
    return frame

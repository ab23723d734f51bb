"""Answers as pandas frames."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bdhvs.core.about_learners import AGE_BANDS, DEVICES, REGIONS, SEXES
from bdhvs.errors import MissingExtra
from bdhvs.service import score_table
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
    """One row per response in a data folder, without names.

    Parameters
    ----------
    data : a data folder of ``bdhvs serve``. It may be in use: reading does not disturb the class.

    Returns
    -------
    DataFrame, rows × 40 columns, in the order answers were given within each attempt. Columns and their meaning are
    `bdhvs.store.export.COLUMNS` (also: ``bdhvs results --columns``). Times are UTC (``datetime64[us, UTC]``), whole
    numbers are nullable ``Int64``, repeated texts are categories; a silence has missing ``response``, ``score`` and
    ``verdict`` and says in ``outcome`` which silence it is.

    Raises
    ------
    StoreError
        when there is no class in `data`, or its file is damaged.
    MissingExtra
        when pandas is not installed.

    Examples
    --------
    >>> frame = bdhvs.responses("bdhvs-data")                                          # doctest: +SKIP
    >>> frame.query("last and mode == 'assessment'").groupby("competence").score.mean()  # doctest: +SKIP
    """
    try:
        import pandas as pd
    except ImportError as exc:
        raise MissingExtra("pandas", "research") from exc
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
    """One row per score and domain in a data folder, without names: what finished attempts show, by which version.

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
    try:
        import pandas as pd
    except ImportError as exc:
        raise MissingExtra("pandas", "research") from exc
    with Store.read_only(data) as store:
        frame = pd.DataFrame(score_rows(store), columns=list(score_table.COLUMNS))
    frame = frame.astype({"tasks": "Int64", "ability": "Float64", "se": "Float64", "newest": "bool", "synthetic": "bool"})
    frame["scored_at"] = pd.to_datetime(frame["scored_at"], utc=True, format="ISO8601").astype("datetime64[us, UTC]")
    return frame


def learners(data: str | Path) -> pd.DataFrame:
    """One row per learner in a data folder who began something, without names: the groups that fairness is asked for.

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
    try:
        import pandas as pd
    except ImportError as exc:
        raise MissingExtra("pandas", "research") from exc
    with Store.read_only(data) as store:
        frame = pd.DataFrame(learner_table.learner_rows(store), columns=list(learner_table.COLUMNS))
    whole = {"sex": SEXES, "region": REGIONS, "device": DEVICES}
    for name in frame.columns.drop(["first_day", "age_band", *whole]):
        frame[name] = frame[name].astype("category")
    for name, values in whole.items():
        frame[name] = pd.Categorical(frame[name], values)
    frame["age_band"] = pd.Categorical(frame["age_band"], AGE_BANDS, ordered=True)
    frame["first_day"] = pd.to_datetime(frame["first_day"]).astype("datetime64[s]")
    return frame

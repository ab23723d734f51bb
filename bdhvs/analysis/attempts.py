"""One row per attempt, from the rows of its answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bdhvs.analysis.synthetic import carried

if TYPE_CHECKING:
    import pandas as pd

#: Columns of the answers that hold of a whole attempt, where a frame has them.
OF_AN_ATTEMPT = (
    "attempt", "learner", "classroom", "province", "commune", "day", "form", "form_version", "mode", "attempt_status",
    "finish_reason", "started_at", "bank_version", "limit_minutes", "extra_minutes", "reopened", "adaptive_version",
)  # fmt: skip
OUTCOMES = ("answered", "skipped", "not_reached", "cut_off")
#: Column → what it counts. Self-assessments are no tasks and are left out.
COUNTS: dict[str, str] = {
    "tasks": "items given",
    **{name: f"tasks whose outcome is {name}" for name in OUTCOMES},
    "helped": "tasks answered with a hint or a helper",
    "points": "points of the tasks answered",
    "most": "the most points these give",
    "share": "points as a share of that, 0-1; missing when nothing was answered",
}


@carried
def attempt_frame(responses: pd.DataFrame) -> pd.DataFrame:
    """Attempts in the order of their first row; columns as `OF_AN_ATTEMPT` and `COUNTS`.

    Parameters
    ----------
    responses : as `bdhvs.frames.responses` gives it, of a data folder or of a dataset.
    """
    import pandas as pd

    names = [name for name in OF_AN_ATTEMPT if name in responses]
    found = responses.drop_duplicates("attempt")[names].set_index("attempt")
    tasks = responses[responses["last"] & responses["max"].notna()]
    answered = tasks[tasks["outcome"] == "answered"]
    outcomes = pd.crosstab(tasks["attempt"], tasks["outcome"]).reindex(columns=list(OUTCOMES), fill_value=0)
    outcomes.columns = outcomes.columns.astype(str)
    sums = answered.groupby("attempt", observed=True)[["score", "max"]].sum()
    counts = outcomes.assign(
        tasks=outcomes.sum(axis=1),
        helped=answered[answered["help"] != "none"].groupby("attempt", observed=True).size(),
        points=sums["score"],
        most=sums["max"],
    )
    counts = counts.reindex(found.index).fillna(0).astype("Int64")
    counts["share"] = (counts["points"] / counts["most"].where(counts["most"] > 0)).astype("Float64")
    return found.join(counts[list(COUNTS)]).reset_index()

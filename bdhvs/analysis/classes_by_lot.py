"""Answers for statistics that need a frame: of a class all, of a province as many whole classes, drawn by lot, as memory bears."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bdhvs.analysis.dataset_frames import dataset_frame
from bdhvs.analysis.programme_words import grouped
from bdhvs.dataset.reading import Dataset
from bdhvs.i18n import translator

if TYPE_CHECKING:
    import pandas as pd

#: Learners: 60 answers each are some 2 GB as a frame, and an item statistic is surer than any use of it asks for.
MOST = 20_000


def responses_by_lot(data: Dataset, most: int = MOST, *, seed: int = 1, lang: str = "vi") -> tuple[pd.DataFrame, str]:
    """The table ``responses`` of a dataset, or of so many of its classes that about `most` learners are in them; and that said.

    Parameters
    ----------
    most : at least one class is taken, however large. seed : the same one draws the same classes.

    Notes
    -----
    Classes are drawn whole, for classmates are alike: the classes are the sample, not the learners. Numbers of all answers come from
    `bdhvs.queries`, without a frame.
    """
    import numpy as np
    import pyarrow.dataset as pads

    _ = translator(lang)
    learners = data.manifest.rows["learners"]
    if learners <= most:
        return dataset_frame(data, "responses"), _("All {n} learners are in it.").format(n=grouped(learners, lang))
    rooms = data.scan("learners").to_table(columns=["classroom"])["classroom"].to_numpy()
    names, sizes = np.unique(rooms, return_counts=True)
    order = np.random.default_rng(seed).permutation(len(names))
    taken = order[: max(1, int((np.cumsum(sizes[order]) <= most).sum()))]
    frame = dataset_frame(data, "responses", pads.field("classroom").isin(names[taken].tolist()))
    said = _("The dataset is large: of its {all} learners these are {n}, whole classes drawn by lot.")
    return frame, said.format(all=grouped(learners, lang), n=grouped(int(sizes[taken].sum()), lang))

"""The dataset a notebook is about: the one it was given, else a small invented province to practise on."""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from bdhvs.dataset.manifest import NAME
from bdhvs.dataset.reading import Dataset, open_dataset

#: Names the folder of a dataset for notebooks that were given none.
VARIABLE = "BDHVS_DATASET"
COMMUNES, ADULTS, MEASURED, SEED = 12, 6000, 0.3, 1
#: Learners in the invented province, for a bar of progress.
LEARNERS = round(ADULTS * MEASURED)


def open_or_invent(path: Path | str | None = None, told: Callable[[int], None] = lambda learners: None) -> Dataset:
    """The dataset in `path`, or in the folder that ``BDHVS_DATASET`` names, verified; without both an invented province.

    Parameters
    ----------
    told : called with the number of learners of each invented commune that is done, `LEARNERS` in all.

    Notes
    -----
    The invented province has 12 communes and about 150 learners in each, always the same; its manifest, and everything made from
    it, says that it is synthetic. It is made once in a process, and goes with it.
    """
    given = path or os.environ.get(VARIABLE)
    if given:
        return open_dataset(given)
    folder = _folder()
    if not (folder / NAME).is_file():
        _invent(folder, told)
    return open_dataset(folder)


@cache
def _folder() -> Path:
    home = Path(mkdtemp(prefix="bdhvs-gia-lap-"))
    atexit.register(rmtree, home, ignore_errors=True)
    return home / "tinh"


def _invent(folder: Path, told: Callable[[int], None]) -> None:
    from bdhvs.analysis.province_items import item_facts
    from bdhvs.bank.loader import Bank
    from bdhvs.programme.recipe import read_recipe
    from bdhvs.programme.synthetic import simulate_province

    bank = Bank.load()
    recipe = read_recipe(bank.content.assessments)
    asked = {"communes": COMMUNES, "adults": ADULTS, "seed": SEED, "processes": 1}
    simulate_province(folder, recipe, item_facts(bank), bank=bank.version, measured=MEASURED, told=told, **asked)

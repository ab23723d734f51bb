"""Tables of a dataset, and of items, as pandas frames, in the types that their schema names."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from bdhvs.core.about_learners import AGE_BANDS, DEVICES, REGIONS, SEXES
from bdhvs.dataset.manifest import NAME
from bdhvs.dataset.reading import Dataset, open_dataset
from bdhvs.dataset.schema import ITEMS, TABLES, Kind
from bdhvs.dataset.source import item_row
from bdhvs.errors import MissingExtra
from bdhvs.store import ItemVersionRow

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    import pyarrow.dataset as pads

#: Kinds of columns as types of pandas; all of them can be missing.
TYPES: dict[Kind, str] = {
    "category": "category",
    "text": "string",
    "json": "string",
    "whole": "Int64",
    "real": "Float64",
    "flag": "boolean",
    "date": "datetime64[s]",
}


def need_pandas() -> ModuleType:
    """pandas; where it is not installed, say which line to type.

    Raises
    ------
    MissingExtra
        naming the extra ``research``.
    """
    try:
        import pandas as pd
    except ImportError as exc:
        raise MissingExtra("pandas", "research") from exc
    module: ModuleType = pd
    return module


def is_dataset(data: str | Path) -> bool:
    """Whether a folder holds a dataset, and not a class."""
    return (Path(data) / NAME).is_file()


def dataset_frame(data: str | Path | Dataset, table: str, rows: pads.Expression | None = None) -> pd.DataFrame:
    """A table of the research level, verified, in the types of `TYPES`; DatasetError of a dataset that has no such table.

    Of a large one perhaps only the `rows` that a filter of Arrow keeps.

    The rows of a learner stand together; what the manifest calls synthetic says so in ``frame.attrs["synthetic"]``.
    """
    import pandas as pd

    dataset = data if isinstance(data, Dataset) else open_dataset(data)
    whole = dataset.scan(table).to_table(filter=rows)
    columns = {}
    for name, column in TABLES[table].items():  # one after the other: the Arrow column can go when its series is there
        found = whole[name].dictionary_encode() if column.kind == "category" else whole[name]
        columns[name] = found.to_pandas(types_mapper=_nullable).astype(TYPES[column.kind])
    frame = pd.DataFrame(columns)
    frame.attrs["synthetic"] = dataset.manifest.synthetic
    return learner_types(frame) if table == "learners" else frame


def _nullable(arrow: pa.DataType) -> Any:
    """A type that keeps whole numbers whole beside missing ones; others come as they are."""
    import pandas as pd

    return {"int64": pd.Int64Dtype(), "double": pd.Float64Dtype(), "bool": pd.BooleanDtype()}.get(str(arrow))


def learner_types(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame of learners whose groups have all their categories, age bands from young to old."""
    import pandas as pd

    fixed = {"sex": SEXES, "region": REGIONS, "device": DEVICES}
    for name, values in fixed.items():
        frame[name] = pd.Categorical(frame[name], values)
    frame["age_band"] = pd.Categorical(frame["age_band"], AGE_BANDS, ordered=True)
    return frame


def item_frame(versions: Iterable[ItemVersionRow]) -> pd.DataFrame:
    """Items of a data folder, as the table ``items`` of a dataset has them."""
    import pandas as pd

    rows = [item_row(one) for one in sorted(versions, key=lambda one: (one.id, one.version))]
    frame = pd.DataFrame(rows, columns=list(ITEMS))
    return frame.astype({name: TYPES[column.kind] for name, column in ITEMS.items()})

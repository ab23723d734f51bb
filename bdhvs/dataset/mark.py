"""The mark that tables of invented people carry wherever they go: in the metadata of Arrow and Parquet, which pandas reads too."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

#: In the metadata of a schema, and in ``DataFrame.attrs``: there, and true, when the people are invented.
KEY = "bdhvs.synthetic"
ATTRIBUTE = "synthetic"
#: What `pyarrow.Table.to_pandas` and `pandas.read_parquet` make ``DataFrame.attrs`` of.
_FOR_PANDAS = {"index_columns": [], "column_indexes": [], "columns": [], "attributes": {ATTRIBUTE: True}}


def marked(schema: pa.Schema, synthetic: bool = True) -> pa.Schema:
    """`schema` with the mark; unchanged where nothing is `synthetic`. Frames made of its tables have ``attrs["synthetic"]``."""
    if not synthetic:
        return schema
    mark = {KEY: "true", "pandas": json.dumps(_FOR_PANDAS)}
    return schema.with_metadata({**(schema.metadata or {}), **mark})


def is_marked(schema: pa.Schema) -> bool:
    """Whether a schema says that its people are invented."""
    return bool((schema.metadata or {}).get(KEY.encode()) == b"true")

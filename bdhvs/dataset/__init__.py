"""Research datasets: answers on their way to other programs, as partitioned Parquet with a dictionary, without names.

Writing: `DatasetWriter` takes batches of rows; `bdhvs.dataset.export` reads a class's data folder. Reading: `open_dataset`
verifies what it opens. The columns are `bdhvs.dataset.schema`. pyarrow is needed (extra ``research``), loaded when used.
"""

from bdhvs.dataset.manifest import Manifest
from bdhvs.dataset.parts import Part, Partition, write_part
from bdhvs.dataset.reading import Dataset, open_dataset
from bdhvs.dataset.writer import DatasetWriter

__all__ = ["Dataset", "DatasetWriter", "Manifest", "Part", "Partition", "open_dataset", "write_part"]

"""Combinations: what many responses have in common, written once and told by a number.

A province has 120 million responses, but what was asked, what came and what it is worth are a few thousand different
combinations of `COMBINED`. Each response names its own, so who counts responses counts numbers and looks up the rest afterwards.

The number of a combination is made of its values alone (63 bits of BLAKE2b). So processes that never speak to each other give
the same one, and the same data the same files; with a million combinations two share a number once in ten million datasets.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bdhvs.dataset.schema import COMBINATIONS, COMBINED

if TYPE_CHECKING:
    import pyarrow as pa

#: Where combinations wait below a growing dataset's folder, a file each, whichever process found them.
_WAITING = ".combinations"
_LARGEST = 2**62  # of the numbers that rows are told apart by on the way
_REMEMBERED = 2**17  # combinations a process knows it has written


def with_combination(folder: Path, responses: pa.Table) -> pa.Table:
    """`responses` with the column ``combination``; those that are new are left in `folder` for `all_combinations`.

    Raises
    ------
    OSError
        when they cannot be written.
    """
    import pyarrow as pa

    which, rows = _distinct(responses)
    texts = [json.dumps(list(row.values()), ensure_ascii=False) for row in rows]
    numbers = [_number(text) for text in texts]
    for number, text in zip(numbers, texts, strict=True):
        _leave(folder / _WAITING, number, text)
    return responses.append_column("combination", pa.array(numbers, pa.int64()).take(which))


def all_combinations(folder: Path) -> dict[str, list[Any]]:
    """Columns of the table ``combinations``, by number, of all responses written below `folder`; what waited there is gone."""
    found = sorted((int(path.stem), json.loads(path.read_bytes())) for path in (folder / _WAITING).glob("*.json"))
    shutil.rmtree(folder / _WAITING, ignore_errors=True)
    rows: Iterable[tuple[Any, ...]] = [(number, *values) for number, values in found]
    columns = zip(*rows, strict=True) if found else ([] for _ in COMBINATIONS)
    return {name: list(column) for name, column in zip(COMBINATIONS, columns, strict=True)}


def _distinct(responses: pa.Table) -> tuple[pa.Array, list[dict[str, Any]]]:
    """Of each row its place among the combinations found, and these."""
    import pyarrow as pa
    import pyarrow.compute as pc

    which, many = pa.repeat(pa.scalar(0, pa.int64()), len(responses)), 1
    for name in COMBINED:
        codes = responses[name].combine_chunks().dictionary_encode("encode")
        if many * len(codes.dictionary) > _LARGEST:
            which, many = _dense(which)
        which = pc.add(pc.multiply(which, len(codes.dictionary)), codes.indices.cast(pa.int64()))
        many *= len(codes.dictionary)
    which, many = _dense(which)
    rows = pa.table({"which": which, "row": pa.array(range(len(responses)), pa.int64())})
    one_of_each = rows.group_by("which").aggregate([("row", "min")]).sort_by("which")
    return which, responses.select(COMBINED).take(one_of_each["row_min"]).to_pylist()


def _dense(which: pa.Array) -> tuple[pa.Array, int]:
    import pyarrow as pa

    codes = which.dictionary_encode()
    return codes.indices.cast(pa.int64()), len(codes.dictionary)


def _number(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) >> 1


@lru_cache(_REMEMBERED)
def _leave(place: Path, number: int, text: str) -> None:
    """Several processes may find the same combination: what is there already is the same."""
    place.mkdir(exist_ok=True)
    path = place / f"{number}.json"
    if not path.exists():
        with path.open("wb") as file:
            file.write(text.encode())

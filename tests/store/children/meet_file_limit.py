"""Writes answers until the system forbids a longer file, raises the limit, writes the refused ones again.

Arguments: the data folder, an attempt's id. Prints JSON: acknowledged event ids, reason of the failure, health after.
"""

import asyncio
import json
import os
import resource
import sys
import time

from bdhvs.core.identifiers import uuid7
from bdhvs.errors import StoreUnavailable
from bdhvs.store import EventRow, Store


async def main() -> None:
    with Store.open(sys.argv[1]) as store:
        acknowledged, rows = [], [row(seq) for seq in range(1, 401)]
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
        refused, reasons = [], set()
        for one in rows:
            try:
                acknowledged += await store.append([one])
            except StoreUnavailable as exc:
                refused.append(one)
                reasons.add(exc.reason)
        failing = store.health
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        for one in refused:
            await store.append([one])
        facts = {"acknowledged": acknowledged, "refused": [one.event_id for one in refused]}
        print(json.dumps({**facts, "reasons": sorted(reasons), "failing": failing, "health": store.health}))


def row(seq: int) -> EventRow:
    event_id = uuid7(time.time_ns() // 1000, os.urandom(10))
    return EventRow(sys.argv[2], event_id, seq, "answered", "chon-kenh-lien-lac", 1, seq, json.dumps("x" * 2000))


asyncio.run(main())

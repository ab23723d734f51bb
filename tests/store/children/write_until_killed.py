"""Writes answers from one task per attempt for ever; prints each event id once it is acknowledged.

Arguments: the data folder, then the ids of attempts.
"""

import asyncio
import os
import sys
import time

from bdhvs.core.identifiers import uuid7
from bdhvs.store import EventRow, Store


async def answer_for_ever(store: Store, attempt_id: str) -> None:
    seq = 1
    while True:
        event_id = uuid7(time.time_ns() // 1000, os.urandom(10))
        await store.append([EventRow(attempt_id, event_id, seq, "skipped", "chon-kenh-lien-lac", 1, seq)])
        os.write(1, f"{event_id}\n".encode())
        seq += 1


async def main() -> None:
    with Store.open(sys.argv[1]) as store:
        await asyncio.gather(*(answer_for_ever(store, attempt_id) for attempt_id in sys.argv[2:]))


asyncio.run(main())

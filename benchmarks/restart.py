"""Seconds from ``kill -9`` under load until the class server takes answers again, on the same folder.

    python benchmarks/restart.py                    # 5 kills, 40 learners

Two moments are measured from the start of the new process: *announced* (the teacher's line) and *answer kept* (a learner who
was in before the kill has the first answer acknowledged, with the old cookie, in the old attempt). ``cpu_s`` is processor
time until the announcement: what it would take at least on a core of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from pathlib import Path
from typing import Any

from machine import cpu_s, say, tell
from phones import Connection, Learner, loopback_addresses
from running import HOST, RunningClass, data_folder, free_port, running_class

FORM = "thu-suc"


async def come_in(room: RunningClass, count: int) -> list[Learner]:
    learners, addresses = [], loopback_addresses()
    for _ in range(count):
        connection = await Connection.open(HOST, room.port, next(addresses))
        learner = Learner(f"{HOST}:{room.port}")
        await learner.join(connection, room.code, "Chú Ba")
        await learner.open(connection, FORM)
        connection.close()
        learners.append(learner)
    return learners


async def answer_until_killed(room: RunningClass, learners: list[Learner], seconds: float) -> None:
    async def one(learner: Learner) -> None:
        connection = await Connection.open(HOST, room.port)
        try:
            while True:
                _, request = learner.next_answer()
                await connection.request(request)
                await asyncio.sleep(0.1)
        except ConnectionError:
            return  # what we are here for

    work = asyncio.gather(*map(one, learners))
    await asyncio.sleep(seconds)
    room.process.kill()
    await work


async def first_answer(room: RunningClass, learner: Learner) -> None:
    connection = await Connection.open(HOST, room.port)
    _, request = learner.next_answer()
    response = await connection.request(request)
    if response.status != 200:
        raise RuntimeError(f"the first answer was refused: {response.status} {response.body[:200]!r}")
    connection.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--learners", type=int, default=40)
    parser.add_argument("--disk", type=Path, default=None, help="folder on the disk to be measured")
    options = parser.parse_args()
    port, rounds = free_port(), []
    with data_folder(options.disk) as folder:
        with running_class(folder / "data", port=port) as room:
            learners = asyncio.run(come_in(room, options.learners))
            asyncio.run(answer_until_killed(room, learners, 2))
        for _ in range(options.kills):
            begin = time.perf_counter()
            with running_class(folder / "data", port=port) as room:
                announced, busy = time.perf_counter() - begin, cpu_s(room.process.pid)
                asyncio.run(first_answer(room, learners[0]))
                kept = time.perf_counter() - begin
                asyncio.run(answer_until_killed(room, learners, 1))
            rounds.append({"announced_s": round(announced, 2), "answer_kept_s": round(kept, 2), "cpu_s": round(busy, 2)})
            say(str(rounds[-1]))
    figures: dict[str, Any] = {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}
    tell("restart", {"kills": options.kills, "learners": options.learners}, {**figures, "rounds": rounds})


if __name__ == "__main__":
    main()

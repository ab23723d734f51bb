"""Milliseconds from the acknowledgement of an answer until the teacher's board shows it.

    python benchmarks/board.py                      # 60 learners, an answer every 5 s each, 60 s, one board
    python benchmarks/board.py --boards 3           # three teachers look on
    python benchmarks/board.py --classes 10 --learners 50   # ten classes of fifty on one server, a teacher looks on in each

Real HTTP, cookies, the form ``thu-suc`` (24 items), SQLite with ``synchronous=FULL``. Each learner holds the stream that an
open page holds, and answers on a connection of its own. An answer is *shown* when a ``board`` event has come in which its
learner's cell is no longer waiting; only first answers to an item count, so the run ends when all are given.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from machine import cpu_s, latencies_ms, memory_kib, say, tell
from phones import Connection, Learner, get, loopback_addresses
from running import HOST, Entry, RunningClass, data_folder, running_class, wait_until_settled

FORM = "thu-suc"
LIMIT_BYTES = 16 * 2**20  # of one event; a board of 500 has 1 MB
UNANSWERED = {"not_started", "thinking"}


@dataclass
class Waiting:
    """Answers that were acknowledged, by learner's name and item, and how long each took to be shown."""

    acknowledged: dict[tuple[str, str], float] = field(default_factory=dict)
    shown: dict[tuple[str, str], float] = field(default_factory=dict)
    events: int = 0
    bytes: int = 0

    def delays(self) -> list[float]:
        """Seconds; an answer that the board had before its acknowledgement was read counts as 0."""
        return [max(0.0, self.shown[one] - at) for one, at in self.acknowledged.items() if one in self.shown]


async def lines_of(address: str, port: int, cookie: bytes, source: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A stream of server-sent events, just opened."""
    reader, writer = await asyncio.open_connection(HOST, port, local_addr=(source, 0), limit=LIMIT_BYTES)
    writer.write(get(address, f"{HOST}:{port}", cookie))
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 200 " not in head.partition(b"\r\n")[0]:
        raise RuntimeError(f"the stream was refused: {head[:200]!r}")
    return reader, writer


async def look_on(room: RunningClass, cookie: bytes, waiting: Waiting, source: str) -> None:
    """Read the board's feed and note when each answer appears, until cancelled."""
    reader, writer = await lines_of(f"/gv/dong?form={FORM}", room.port, cookie, source)
    try:
        while True:
            line = await reader.readuntil(b"\n")
            if not line.startswith(b"data: "):
                continue
            now = time.perf_counter()
            waiting.events += 1
            waiting.bytes += len(line)
            note(json.loads(line[6:])["view"], waiting, now)
    finally:
        writer.close()


def note(view: dict[str, Any], waiting: Waiting, now: float) -> None:
    items = [column["item"] for column in view["columns"]]
    for row in view["rows"]:
        for item, (state, _) in zip(items, row["cells"], strict=True):
            if state not in UNANSWERED:
                waiting.shown.setdefault((row["name"], item), now)


Place = tuple[Learner, list[str], Connection, asyncio.StreamWriter]


async def sit_down(room: RunningClass, code: str, name: str, source: str) -> Place:
    """A learner who has joined, opened the form and holds a page's stream."""
    connection = await Connection.open(HOST, room.port, source)
    learner = Learner(f"{HOST}:{room.port}")
    await learner.join(connection, code, name)
    opened = await learner.open(connection, FORM)
    _, page = await lines_of("/api/o-day", room.port, learner.cookie, source)
    return learner, [item["id"] for item in opened["items"]], connection, page


async def work(place: Place, name: str, every_s: float, end: float, waiting: Waiting) -> None:
    learner, items, connection, _ = place
    due = time.perf_counter() + random.random() * every_s
    for item in items:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        if time.perf_counter() > end:
            return
        _, request = learner.next_answer()
        response = await connection.request(request)
        if response.status != 200:
            raise RuntimeError(f"an answer was refused: {response.status} {response.body[:200]!r}")
        waiting.acknowledged[name, item] = time.perf_counter()
        due += every_s


async def teacher_cookie(room: RunningClass, teacher_url: str) -> bytes:
    connection = await Connection.open(HOST, room.port)
    response = await connection.request(get(urlsplit(teacher_url).path, f"{HOST}:{room.port}"))
    connection.close()
    return response.header(b"set-cookie").partition(b";")[0]


@dataclass
class Bench:
    """One class at work: its learners and who looks on."""

    names: list[str]
    places: list[Place]
    boards: list[Waiting]
    watching: list[asyncio.Task[None]]

    @classmethod
    async def fill(cls, room: RunningClass, entry: Entry, names: list[str], boards: int, addresses: Iterator[str]) -> Self:
        places = [await sit_down(room, entry.code, name, next(addresses)) for name in names]
        cookie = await teacher_cookie(room, entry.teacher_url)
        acknowledged: dict[tuple[str, str], float] = {}
        waiting = [Waiting(acknowledged) for _ in range(boards)]
        watching = [asyncio.create_task(look_on(room, cookie, board, next(addresses))) for board in waiting]
        return cls(names, places, waiting, watching)

    async def work(self, every_s: float, end: float) -> None:
        pairs = zip(self.places, self.names, strict=True)
        await asyncio.gather(*(work(place, name, every_s, end, self.boards[0]) for place, name in pairs))

    def leave(self) -> None:
        for one in self.watching:
            one.cancel()
        for *_, connection, page in self.places:
            connection.close()
            page.close()


async def run(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    with running_class(folder / "data", classes=options.classes) as room:
        wait_until_settled(room)
        addresses = loopback_addresses()
        names = [f"Người {number}" for number in range(1, options.learners + 1)]
        before = memory_kib(room.process.pid)
        classes = [await Bench.fill(room, entry, names, options.boards, addresses) for entry in room.classes]
        learners = sum(len(one.places) for one in classes)
        held = (memory_kib(room.process.pid) - before) / learners
        await asyncio.sleep(2)
        busy, begin = cpu_s(room.process.pid), time.perf_counter()
        say(f"{learners} learners work in {len(classes)} classes, {options.boards} boards look on in each")
        end = begin + options.seconds
        await asyncio.gather(*(one.work(options.every, end) for one in classes))
        took, spent = time.perf_counter() - begin, cpu_s(room.process.pid) - busy
        await asyncio.sleep(3)  # the last ones appear
        for one in classes:
            one.leave()
    boards = [board for one in classes for board in one.boards]
    delays = [delay for board in boards for delay in board.delays()]
    events = sum(board.events for board in boards)
    return {
        "answers": sum(len(one.boards[0].acknowledged) for one in classes),
        "never_shown": sum(len(board.acknowledged) for board in boards) - len(delays),
        "delay_ms": latencies_ms(delays),
        "events_a_second_and_board": round(events / len(boards) / took, 2),
        "kib_an_event": round(sum(board.bytes for board in boards) / max(1, events) / 1024, 1),
        "server_cpu_share": round(spent / took, 3),
        "kib_per_learner_with_stream": round(held, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--classes", type=int, default=1)
    parser.add_argument("--learners", type=int, default=60, help="in each class")
    parser.add_argument("--every", type=float, default=5.0, help="seconds between two answers of a learner")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--boards", type=int, default=1, help="in each class")
    parser.add_argument("--disk", type=Path, default=None, help="folder on the disk to be measured")
    options = parser.parse_args()
    with data_folder(options.disk) as folder:
        figures = asyncio.run(run(options, folder))
    parameters = {name: getattr(options, name) for name in ("classes", "learners", "every", "seconds", "boards")} | {"form": FORM}
    tell("board", parameters, figures)


if __name__ == "__main__":
    main()

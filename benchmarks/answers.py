"""Durable answers per second, and how long each takes, through the real API of one class server.

    python benchmarks/answers.py                    # closed loop at rising concurrency, then a fixed rate
    python benchmarks/answers.py --province         # 52,000 learners, an answer every 30 s each, 5 minutes

Real HTTP, cookies, the form ``thu-suc`` (24 items), scoring, SQLite with ``synchronous=FULL``, rate limits on. The load comes
from this process, the server is a process of its own. In the closed loop a connection sends an answer as soon as the
last one is acknowledged; the learners behind it take turns, so that nobody answers faster than the server's limit per
learner allows. In the open loop (fixed rate, province) answers come when they come, and latency counts from the moment
an answer was due: a server that stalls cannot hide it.

Afterwards every acknowledged event id is looked for in the data folder.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import random
import resource
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import uvloop
from machine import cpu_s, latencies_ms, memory_kib, say, stolen_s, tell
from phones import LEARNERS_PER_ADDRESS, Connection, Learner, Response, loopback_addresses
from running import HOST, RunningClass, data_folder, running_class, wait_until_settled

from bdhvs.store import Store

FORM = "thu-suc"
JOINING_AT_ONCE = 64
TRIES = 5
RAMP_S = 60
SPARE_FILES = 300  # of the server: database, listening socket, what the connections leave free


@dataclass
class Taken:
    """What a run of load brought: ids of acknowledged answers, seconds each took, and what else came back."""

    acknowledged: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)

    def count(self, event_id: str, status: int, body: bytes, took: float) -> None:
        if status == 200 and b'"type":"saved"' in body:
            self.acknowledged.append(event_id)
            self.seconds.append(took)
        else:
            self.refused[f"{status} {body[:120].decode('utf-8', 'replace')}"] += 1


@dataclass
class Seat:
    """A connection and the learners who answer through it in turn."""

    connection: Connection
    learners: list[Learner]
    source: str
    port: int
    turn: int = 0
    reopened: int = 0

    def next_learner(self) -> Learner:
        self.turn += 1
        return self.learners[self.turn % len(self.learners)]

    async def ask(self, request: bytes) -> Response:
        """Send a request; over a new connection when the server has closed this one, idle for too long. As browsers do."""
        for _ in range(TRIES):
            try:
                if not self.connection.is_open:
                    self.connection = await Connection.open(HOST, self.port, self.source)
                    self.reopened += 1
                return await self.connection.request(request)
            except OSError:  # closed while the request was on its way, or too many at the door: the same event id again
                await asyncio.sleep(random.random())
        raise RuntimeError("the server closes every connection")


async def main(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    with running_class(folder / "data", options.server_command) as room:
        wait_until_settled(room)
        work = province(room, options) if options.province else rising(room, options)
        figures, acknowledged = await work
    figures["lost"] = check(folder / "data", acknowledged)
    return figures


# ── rising concurrency, then a fixed rate ───────────────────────────────────────────────────────────


async def rising(room: RunningClass, options: argparse.Namespace) -> tuple[dict[str, Any], list[str]]:
    seats = await take_seats(room, options.learners, max(options.concurrency))
    learners = [learner for seat in seats for learner in seat.learners]
    acknowledged: list[str] = []
    rows = []
    await measured(room, closed_loop(deal(seats, learners, 64), 2.0))  # warm
    for concurrency in options.concurrency:
        chosen = deal(seats, learners, concurrency)
        taken, row = await measured(room, closed_loop(chosen, options.seconds))
        rows.append({"loop": "closed", "connections": concurrency, **row})
        acknowledged += taken.acknowledged
        say(f"{concurrency} connections: {row}")
    for rate in options.rate:
        taken, row = await measured(room, open_loop(deal(seats, learners, len(seats)), rate, options.seconds))
        rows.append({"loop": "open", "rate": rate, "connections": len(seats), **row})
        acknowledged += taken.acknowledged
        say(f"{rate} a second: {row}")
    return {"runs": rows}, acknowledged


def deal(seats: Sequence[Seat], learners: Sequence[Learner], count: int) -> list[Seat]:
    """All learners over the first `count` connections."""
    return [replace(seat, learners=list(learners[place::count])) for place, seat in enumerate(seats[:count])]


async def closed_loop(seats: Sequence[Seat], seconds: float) -> Taken:
    taken, end = Taken(), time.perf_counter() + seconds

    async def run(seat: Seat) -> None:
        while (begin := time.perf_counter()) < end:
            event_id, request = seat.next_learner().next_answer()
            response = await seat.ask(request)
            taken.count(event_id, response.status, response.body, time.perf_counter() - begin)

    await asyncio.gather(*map(run, seats))
    return taken


async def open_loop(seats: Sequence[Seat], rate: float, seconds: float) -> Taken:
    """Answers at `rate` a second on the whole, spread over the seats, each seat in its own rhythm."""
    taken, begin = Taken(), time.perf_counter()
    pause = len(seats) / rate
    await asyncio.gather(*(rhythm(seat, begin + random.random() * pause, pause, begin + seconds, taken) for seat in seats))
    return taken


async def ramp(seats: Sequence[Seat], rate: float, seconds: float) -> Taken:
    """Bring the seats from silence to `rate` answers a second: each takes up its rhythm at a moment of its own."""
    taken, begin = Taken(), time.perf_counter()
    pause = len(seats) / rate
    await asyncio.gather(*(rhythm(seat, begin + random.random() * seconds, pause, begin + seconds, taken) for seat in seats))
    return taken


async def rhythm(seat: Seat, due: float, pause: float, end: float, taken: Taken, jitter: float = 0.3) -> None:
    """Answers of one seat, one every `pause` seconds give or take; latency counts from the moment each was due."""
    while due < end:
        await asyncio.sleep(due - time.perf_counter())
        event_id, request = seat.next_learner().next_answer()
        response = await seat.ask(request)
        taken.count(event_id, response.status, response.body, time.perf_counter() - due)
        due += pause * random.uniform(1 - jitter, 1 + jitter)


async def measured(room: RunningClass, work: Any) -> tuple[Taken, dict[str, Any]]:
    gc.collect()
    gc.disable()  # a pause of the load's collector would count as the server's
    pid, begin = room.process.pid, time.perf_counter()
    server_cpu, load_cpu, stolen = cpu_s(pid), time.process_time(), stolen_s()
    taken: Taken = await work
    took = time.perf_counter() - begin
    gc.enable()
    answers = len(taken.acknowledged)
    server_cpu, load_cpu = cpu_s(pid) - server_cpu, time.process_time() - load_cpu
    return taken, {
        "answers": answers,
        "answers_per_s": round(answers / took),
        "latency_ms": latencies_ms(taken.seconds),
        "server_cpu_us_per_answer": round(server_cpu / max(1, answers) * 1e6),
        "answers_per_core_s": round(answers / server_cpu) if server_cpu else None,  # were a core the server's own
        "server_cpu_share": round(server_cpu / took, 2),  # 1.0 is one core
        "load_cpu_share": round(load_cpu / took, 2),
        "stolen_share": round((stolen_s() - stolen) / took, 2),  # taken by the host of a virtual machine
        "refused": dict(taken.refused.most_common(5)),
    }


# ── a province ──────────────────────────────────────────────────────────────────────────────────────


async def province(room: RunningClass, options: argparse.Namespace) -> tuple[dict[str, Any], list[str]]:
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0] - SPARE_FILES
    connections = min(options.learners, limit)
    if connections < options.learners:
        say(
            f"this system lets a process hold {limit + SPARE_FILES} open files and not more: {options.learners} learners "
            f"share {connections} connections, as they would behind a reverse proxy"
        )
    before = memory_kib(room.process.pid)
    begin = time.perf_counter()
    seats = await take_seats(room, options.learners, connections)
    joined = time.perf_counter() - begin
    after_joining = memory_kib(room.process.pid)
    rate = options.learners / options.every
    # Whoever joined first has been silent for minutes and lost the connection: they come back over a minute, not at once.
    coming_back = await ramp(seats, rate, RAMP_S)
    say(f"all are back: {len(coming_back.acknowledged)} answers meanwhile")
    taken, row = await measured(room, open_loop(seats, rate, options.seconds))
    after = memory_kib(room.process.pid)
    figures = {
        "learners": options.learners,
        "connections": connections,
        "stopped_by": "limit of open files" if connections < options.learners else None,
        "joined_in_s": round(joined, 1),
        "wanted_answers_per_s": round(rate),
        **row,
        "connections_opened_again": sum(seat.reopened for seat in seats),
        "server_memory_mib": {"empty": before // 1024, "all_joined": after_joining // 1024, "at_the_end": after // 1024},
        "server_kib_per_learner": round((after - before) / options.learners, 1),
    }
    return figures, coming_back.acknowledged + taken.acknowledged


# ── coming in ───────────────────────────────────────────────────────────────────────────────────────


async def take_seats(room: RunningClass, learners: int, connections: int) -> list[Seat]:
    """`learners` learners over `connections` connections, all joined, the form open. 40 learners to an address."""
    addresses = loopback_addresses()
    per_seat = [learners // connections + (place < learners % connections) for place in range(connections)]
    places: list[tuple[str, int]] = []
    address, room_left = next(addresses), LEARNERS_PER_ADDRESS
    for count in per_seat:
        if room_left < count:
            address, room_left = next(addresses), LEARNERS_PER_ADDRESS
        places.append((address, count))
        room_left -= count
    waiting, seats = iter(places), []

    async def usher() -> None:
        for source, count in waiting:
            seats.append(await take_seat(room, source, count))
            if len(seats) % 2000 == 0:
                say(f"{len(seats)} connections of {connections}")

    begin = time.perf_counter()
    await asyncio.gather(*(usher() for _ in range(JOINING_AT_ONCE)))
    say(f"{learners} learners joined and opened the form in {time.perf_counter() - begin:.1f} s")
    return seats


async def take_seat(room: RunningClass, source: str, count: int) -> Seat:
    connection = await Connection.open(HOST, room.port, source)
    learners = [Learner(f"{HOST}:{room.port}") for _ in range(count)]
    for place, learner in enumerate(learners):
        await learner.join(connection, room.code, f"Bác {place}")
        await learner.open(connection, FORM)
    return Seat(connection, learners, source, room.port)


def check(data: Path, acknowledged: Iterable[str]) -> dict[str, int]:
    """How many acknowledged answers the data folder does not have, or has twice. Both must be 0."""
    stored: Counter[str] = Counter()
    with Store.read_only(data) as store:
        for rows in store.response_rows():
            stored.update(event.event_id for event in rows.events)
    wanted = list(acknowledged)
    return {
        "acknowledged": len(wanted),
        "missing": sum(one not in stored for one in wanted),
        "twice": sum(count > 1 for count in stored.values()),
    }


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--province", action="store_true")
    parser.add_argument("--seconds", type=float, default=None, help="of each run; default 15, with --province 300")
    parser.add_argument("--learners", type=int, default=None, help="default 4000, with --province 52000")
    parser.add_argument("--concurrency", type=int, nargs="*", default=[64, 256, 1000])
    parser.add_argument("--rate", type=float, nargs="*", default=[2000, 3000, 4000, 5000], help="open loop: answers a second")
    parser.add_argument("--every", type=float, default=30, help="province: seconds between a learner's answers")
    parser.add_argument("--disk", type=Path, default=None, help="folder on the disk to be measured")
    parser.add_argument("--server-command", nargs="*", default=[], help="what runs the server instead of this Python")
    options = parser.parse_args()
    options.seconds = options.seconds or (300 if options.province else 15)
    options.learners = options.learners or (52_000 if options.province else 4000)
    return options


if __name__ == "__main__":
    chosen = read_options()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with data_folder(chosen.disk) as place, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        result = runner.run(main(chosen, place))
    shown = {name: value for name, value in vars(chosen).items() if name not in ("disk", "server_command")}
    tell("answers", shown, result)

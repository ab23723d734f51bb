"""Forty learners come in at once: seconds until each sees a first question, and what they cost in memory.

    python benchmarks/join.py                       # 3 rounds, the class server and plain Voilà in turn

*Class server*: join page, its static files (a phone that was never here), the form of joining, the list of lessons, the quiz
page, ``open``; ready when the first question's JSON is there. Joining takes no kernel.
*Voilà* with the same questions as ipywidgets (``voila_quiz.ipynb``): the page, complete when its cells are executed, then
the websocket, ready when the widgets' state has come. Its 5 MB of static files are not fetched here, which favours it.

Each of the 40 starts at the same moment. Neither is measured while it starts up.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import statistics
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psutil
from machine import memory_kib, quantile, say, tell
from phones import Connection, Learner, get, loopback_addresses
from running import HOST, RunningClass, data_folder, running_class

FORM = "thu-suc-ngan"
STATIC = re.compile(rb'(?:href|src)="(/static/[^"]+)"')
GZIP = b"accept-encoding: gzip\r\n"


async def phone(room: RunningClass, source: str) -> float:
    """One phone from the link on the board to the first question. Seconds."""
    begin = time.perf_counter()
    host = f"{HOST}:{room.port}"
    connection = await Connection.open(HOST, room.port, source)
    learner, fetched = Learner(host), set[bytes]()
    await look(connection, get(f"/j/{room.code}", host, extra=GZIP), host, fetched)
    await learner.join(connection, room.code, "Cô Năm")
    await look(connection, get("/lop", host, learner.cookie, GZIP), host, fetched)
    await look(connection, get(f"/kiem-tra/{FORM}", host, learner.cookie, GZIP), host, fetched)
    opened = await learner.open(connection, FORM)
    if not opened["items"][0]["stem"]:
        raise RuntimeError("the first question is empty")
    return time.perf_counter() - begin


async def look(connection: Connection, request: bytes, host: str, fetched: set[bytes]) -> None:
    """Load a page and those of its static files that this phone does not have yet."""
    import gzip

    response = await connection.request(request)
    if response.status != 200:
        raise RuntimeError(f"{request[:60]!r} was answered with {response.status}")
    body = gzip.decompress(response.body) if response.header(b"content-encoding") == b"gzip" else response.body
    for found in dict.fromkeys(STATIC.findall(body)):
        if found not in fetched:
            fetched.add(found)
            got = await connection.request(get(found.decode(), host, extra=GZIP))
            if got.status != 200:
                raise RuntimeError(f"{found.decode()} was answered with {got.status}")


async def class_round(folder: Path, learners: int) -> dict[str, Any]:
    addresses = loopback_addresses()
    with running_class(folder) as room:
        calm(room.process.pid)
        await asyncio.gather(*(phone(room, next(addresses)) for _ in range(3)))  # caches fill once for all
        before = memory_kib(room.process.pid)
        took = await asyncio.gather(*(phone(room, next(addresses)) for _ in range(learners)))
        after = memory_kib(room.process.pid)
        for _ in range(10):  # many more, for a figure that the granularity of malloc does not blur
            await asyncio.gather(*(phone(room, next(addresses)) for _ in range(learners)))
        crowd = memory_kib(room.process.pid)
    return row(took, (after - before) / learners) | {"kib_per_learner_of_400_more": round((crowd - after) / (10 * learners), 1)}


async def voila_round(learners: int) -> dict[str, Any]:
    from tornado.httpclient import AsyncHTTPClient
    from voila_peer import running_voila, visit

    AsyncHTTPClient.configure(None, max_clients=learners)
    with running_voila() as voila:
        calm(voila.process.pid)
        before = tree_kib(voila.process.pid)
        took = await asyncio.gather(*(visit(voila.port) for _ in range(learners)), return_exceptions=True)
        after = tree_kib(voila.process.pid)
    failed = [one for one in took if isinstance(one, BaseException)]
    for one in failed[:3]:
        say(f"Voilà: {one!r}")
    good = [one for one in took if isinstance(one, float)]
    return row(good, (after - before) / learners) | {"failed": len(failed)}


def row(seconds: Iterable[float], kib: float) -> dict[str, Any]:
    ordered = sorted(seconds)
    if not ordered:
        return {"kib_per_learner": round(kib)}
    figures = {"median": quantile(ordered, 0.5), "last": ordered[-1]}
    return {f"{name}_s": round(value, 3) for name, value in figures.items()} | {"kib_per_learner": round(kib, 1)}


def tree_kib(pid: int) -> int:
    """Memory of a process and its children (the kernels)."""
    return sum(memory_kib(one) for one in [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))])


def calm(pid: int, limit_s: float = 60) -> None:
    """Wait until a server has nothing to do any more: lessons are rendered, imports done."""
    process = psutil.Process(pid)
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        busy = process.cpu_percent(1.0)
        if busy < 5 and not process.children():
            return


def summary(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    names = [name for name in rounds[0] if all(name in one for one in rounds)]
    return {name: statistics.median(one[name] for one in rounds) for name in names} | {"rounds": rounds}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learners", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--without-voila", action="store_true")
    parser.add_argument("--disk", type=Path, default=None, help="folder on the disk to be measured")
    options = parser.parse_args()
    ours, theirs = [], []
    for number in range(options.rounds):
        with data_folder(options.disk) as folder:
            ours.append(asyncio.run(class_round(folder / "data", options.learners)))
        say(f"round {number + 1}, class server: {ours[-1]}")
        if not options.without_voila:
            theirs.append(asyncio.run(voila_round(options.learners)))
            say(f"round {number + 1}, Voilà: {theirs[-1]}")
    figures: dict[str, Any] = {"class_server": summary(ours)}
    if theirs:
        figures["voila"] = summary(theirs)
        ratios = {name: figures["voila"][name] / figures["class_server"][name] for name in ("median_s", "last_s", "kib_per_learner") if figures["class_server"][name] > 0}
        figures["voila_to_class_server"] = {name: round(value, 1) for name, value in ratios.items()}
    tell("join", {"learners": options.learners, "rounds": options.rounds, "form": FORM}, figures)


if __name__ == "__main__":
    main()

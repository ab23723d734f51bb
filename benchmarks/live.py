"""Live notebooks: how long a class waits for its pages, and what each costs, beside plain Voilà.

    python benchmarks/live.py [--learners 40] [--ready 40] [--stock-learners 40] [--hold 150]

Three classes on the same notebook (the shipped lesson): ours with pages ready, ours with none ready (the first minute of a
lesson nobody prepared), and Voilà as its own command starts it. "Seconds" end when the state of all widgets has come over
the websocket; a browser then still has to draw. Memory is the share (PSS) of all processes behind the class server.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import time
import uuid
from pathlib import Path
from typing import Any

import httpx
import psutil
from machine import latencies_ms, memory_kib, say, tell
from running import RunningClass, data_folder, running_class
from voila_peer import message, running_voila, visit
from websockets.asyncio.client import connect

from bdhvs.bank.paths import find_content

LESSON = "chuong-trinh-dau-tien"
PATIENCE_S = 180.0


async def learner(room: RunningClass, name: str, start: asyncio.Event) -> tuple[float, Any]:
    """Seconds from the request of the page until the state of its widgets is here; the socket, still open."""
    base = f"http://127.0.0.1:{room.port}"
    async with httpx.AsyncClient(base_url=base, headers={"origin": base}, timeout=PATIENCE_S) as client:
        await client.post("/vao", data={"code": room.code, "name": name})
        await start.wait()
        begin = time.perf_counter()
        while (page := await client.get(f"/song/{LESSON}")).status_code == 503:
            if time.perf_counter() - begin > PATIENCE_S:
                raise TimeoutError("no page")
        page.raise_for_status()
        found = re.search(r'"kernelId": "([0-9a-f-]+)"', page.text)
        if found is None:
            raise RuntimeError("a page without a kernel")
        cookies = "; ".join(f"{key}={value}" for key, value in client.cookies.items())
    session = uuid.uuid4().hex
    address = f"ws://127.0.0.1:{room.port}/song/api/kernels/{found[1]}/channels?session_id={session}"
    way = connect(address, additional_headers={"Cookie": cookies}, origin=base, max_size=None, open_timeout=PATIENCE_S)
    socket = await way.__aenter__()
    comm = uuid.uuid4().hex
    await socket.send(message(session, "comm_open", {"comm_id": comm, "target_name": "jupyter.widget.control", "data": {}}))
    await socket.send(message(session, "comm_msg", {"comm_id": comm, "data": {"method": "request_states"}}))
    while "update_states" not in str(await asyncio.wait_for(socket.recv(), PATIENCE_S)):
        pass
    return time.perf_counter() - begin, way


async def all_at_once(room: RunningClass, learners: int) -> tuple[list[float], list[Any]]:
    """Everybody opens the page in the same moment."""
    start = asyncio.Event()
    tasks = [asyncio.create_task(learner(room, f"Người {n}", start)) for n in range(learners)]
    await asyncio.sleep(3)  # all have joined
    start.set()
    done = await asyncio.gather(*tasks)
    return [seconds for seconds, _ in done], [way for _, way in done]


def behind(pid: int) -> list[int]:
    """All processes that a process has started, and theirs."""
    return [one.pid for one in psutil.Process(pid).children(recursive=True)]


def kernels_ready(pid: int) -> int:
    """Kernels behind a class: the children of the warm process."""
    for one in psutil.Process(pid).children(recursive=True):
        if any("bdhvs.live.warm" in part for part in one.cmdline()) and one.children():
            return len(one.children())
    return 0


def memory_mib(pids: list[int]) -> float:
    return sum(memory_kib(pid) for pid in pids if Path(f"/proc/{pid}").exists()) / 1024


def ours(learners: int, ready: int, disk: Path | None) -> dict[str, Any]:
    """A class of ours, with so many pages ready."""
    with data_folder(disk) as data, running_class(data, options=["--lesson", LESSON, "--live-ready", str(ready)]) as room:
        begin = time.perf_counter()
        if ready:
            while kernels_ready(room.process.pid) < ready:
                time.sleep(0.2)
            prepared = time.perf_counter() - begin
            time.sleep(3)  # the last of them renders its page
        return asyncio.run(_measured(room, learners)) | ({"prepared_s": round(prepared, 1)} if ready else {})


async def _measured(room: RunningClass, learners: int) -> dict[str, Any]:
    seconds, ways = await all_at_once(room, learners)
    await asyncio.sleep(1)
    pids = behind(room.process.pid)
    everything = memory_mib(pids)
    kernels = kernels_ready(room.process.pid)
    figures = {
        "opened": len(seconds), "latency": latencies_ms(seconds), "kernels": kernels,
        "memory_mib": round(everything), "memory_mib_each": round(everything / kernels, 1),
    }  # fmt: skip
    for way in ways:
        await way.__aexit__(None, None, None)
    return figures


def stock(learners: int) -> dict[str, Any]:
    """Voilà as its own command starts it, on the same notebook."""
    notebook = find_content().notebooks / "hoc-vien" / f"{LESSON}.ipynb"
    with running_voila(notebook) as running:

        async def everybody() -> list[float | BaseException]:
            return await asyncio.gather(*(visit(running.port) for _ in range(learners)), return_exceptions=True)

        done = asyncio.run(everybody())
        everything = memory_mib([running.process.pid, *behind(running.process.pid)])
    seconds = [one for one in done if isinstance(one, float)]
    return {
        "opened": len(seconds), "failed": len(done) - len(seconds), "latency": latencies_ms(seconds),
        "memory_mib": round(everything), "memory_mib_each": round(everything / max(1, len(seconds)), 1),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--learners", type=int, default=40)
    parser.add_argument("--ready", type=int, default=40)
    parser.add_argument("--stock-learners", type=int, default=40, help="0: leave plain Voilà out")
    parser.add_argument("--hold", type=int, default=0, help="also: so many learners at once in one class, pages ready")
    parser.add_argument("--disk", type=Path, default=None)
    options = parser.parse_args()
    os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
    figures: dict[str, Any] = {}
    say(f"ours, {options.ready} pages ready …")
    figures["ready"] = ours(options.learners, options.ready, options.disk)
    say("ours, none ready …")
    figures["unprepared"] = ours(options.learners, 0, options.disk)
    if options.hold:
        say(f"ours, {options.hold} at once …")
        figures["hold"] = ours(options.hold, options.hold, options.disk)
    if options.stock_learners:
        say("plain Voilà …")
        figures["voila"] = stock(options.stock_learners)
        if figures["voila"]["opened"]:
            figures["ratios"] = {
                "wait_max": round(figures["voila"]["latency"]["max"] / figures["ready"]["latency"]["max"], 1),
                "wait_max_unprepared": round(figures["voila"]["latency"]["max"] / figures["unprepared"]["latency"]["max"], 1),
                "memory_each": round(figures["voila"]["memory_mib_each"] / figures["ready"]["memory_mib_each"], 1),
            }
    tell("live", vars(options) | {"disk": str(options.disk)}, figures)


if __name__ == "__main__":
    main()

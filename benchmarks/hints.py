"""Milliseconds until a hint on a practised phone, 40 learners asking at once, and what it does to those who answer meanwhile.

    python benchmarks/hints.py                      # the simulation whose first hint costs most
    python benchmarks/hints.py --learners 60

Everybody asks twice: in the round *first* the server has given no hint of this simulation yet and searches its states once,
in the round *after* it looks the next step up. Ten more learners answer items all the while; *answers* are theirs.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import httpx
from machine import say, tell
from phones import loopback_addresses
from running import RunningClass, data_folder, running_class, wait_until_settled

sys.path.insert(0, str(Path(__file__).parents[1]))  # the learner of the tests knows an answer to every kind of item
from tests.clients import event_id, some_response

FORM, ITEM = "may-tap-thong-tin", "danh-sach-ho-tro-dung-nguoi"
ANSWERING, ANSWERED_FORM = 10, "lam-quen"


class Phone:
    """A learner with a connection of their own."""

    def __init__(self, url: str, address: str) -> None:
        transport = httpx.AsyncHTTPTransport(local_address=address)
        self._http = httpx.AsyncClient(base_url=url, headers={"origin": url}, transport=transport, timeout=60)
        self._attempt = ""

    async def come_in(self, code: str, form: str) -> list[dict[str, Any]]:
        """Join and open a form: its items."""
        joined = await self._http.post("/vao", data={"code": code, "name": "Chú Ba"})
        if joined.status_code != 303:
            raise RuntimeError(f"the class did not let a learner in: {joined.status_code}")
        opened, _ = await self._send({"type": "open", "form": form})
        self._attempt = opened["attempt"]
        items: list[dict[str, Any]] = opened["items"]
        return items

    async def hint_ms(self) -> float:
        asked = {"item": ITEM, "response": {"actions": []}, "deeper": True}
        return (await self._act("hint", **asked))[1]

    async def answer_ms(self, item: dict[str, Any]) -> float:
        return (await self._act("answer", item=item["id"], version=item["version"], response=some_response(item)))[1]

    async def close(self) -> None:
        await self._http.aclose()

    async def _act(self, kind: str, **fields: Any) -> tuple[dict[str, Any], float]:
        return await self._send({"type": kind, "attempt": self._attempt, "event_id": event_id(), **fields})

    async def _send(self, message: dict[str, Any]) -> tuple[dict[str, Any], float]:
        begin = time.perf_counter()
        response = await self._http.post("/api/quiz", json={"v": 1, **message})
        if response.status_code != 200:
            raise RuntimeError(f"{message['type']}: {response.status_code} {response.text[:200]}")
        return response.json(), 1000 * (time.perf_counter() - begin)


def told(found: list[float]) -> dict[str, float]:
    return {"median_ms": round(statistics.median(found), 1), "largest_ms": round(max(found), 1), "count": len(found)}


async def rounds(room: RunningClass, count: int) -> dict[str, Any]:
    url, addresses = f"http://127.0.0.1:{room.port}", loopback_addresses()
    asking = [Phone(url, next(addresses)) for _ in range(count)]
    answering = [Phone(url, next(addresses)) for _ in range(ANSWERING)]
    for one in asking:
        await one.come_in(room.code, FORM)
    items = [await one.come_in(room.code, ANSWERED_FORM) for one in answering]
    half = len(items[0]) // 2
    found: dict[str, Any] = {}
    for name, part in (("first", slice(None, half)), ("after", slice(half, None))):

        async def answer_all(phone: Phone, own: list[dict[str, Any]]) -> list[float]:
            return [await phone.answer_ms(item) for item in own]

        answers = asyncio.gather(*(answer_all(one, own[part]) for one, own in zip(answering, items, strict=True)))
        hints = await asyncio.gather(*(one.hint_ms() for one in asking))
        found[name] = {"hints": told(list(hints)), "answers": told([ms for own in await answers for ms in own])}
        say(f"{name}: {found[name]}")
    for one in (*asking, *answering):
        await one.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--learners", type=int, default=40)
    given = parser.parse_args()
    with data_folder(None) as folder, running_class(folder / "data") as room:
        wait_until_settled(room)
        figures = asyncio.run(rounds(room, given.learners))
    tell("hints", {"learners": given.learners, "item": ITEM}, figures)


if __name__ == "__main__":
    main()

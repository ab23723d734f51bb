"""A seat is free at once when its learner goes: the phone passes on, or the person is forgotten."""

from __future__ import annotations

import re
from collections import deque

import httpx
import pytest

pytest.importorskip("websockets")
from websockets.exceptions import ConnectionClosedError, InvalidStatus

from tests.live.conftest import Joined, LiveRoom
from tests.live.talking import PARTS, Talk


def ended(talk: Talk) -> None:
    with pytest.raises(ConnectionClosedError, match="1012"):
        deque(talk.socket, maxlen=0)


def test_changing_the_person_on_a_phone_ends_the_kernel_of_the_one_before(room: LiveRoom) -> None:
    hong = room.join("Hồng")
    kernel = hong.open()
    talk = Talk(hong, kernel, offered=(PARTS,))
    before = dict(hong.client.cookies)
    assert hong.client.post("/ra").status_code == 303
    ended(talk)
    again = httpx.Client(base_url=room.base, cookies=before, headers={"origin": room.base}, timeout=60)
    room.clients.append(again)
    with pytest.raises(InvalidStatus):
        Talk(Joined(again, room.base), kernel)
    assert Joined(again, room.base).open() != kernel


@pytest.mark.parametrize("how", ["quen", "xoa"])
def test_forgetting_a_person_ends_their_kernel(room: LiveRoom, how: str) -> None:
    kim = room.join(f"Kim {how}")
    talk = Talk(kim, kim.open(), offered=(PARTS,))
    teacher = httpx.Client(base_url=room.base, headers={"origin": room.base}, timeout=60, follow_redirects=True)
    room.clients.append(teacher)
    teacher.get(room.teacher_url)
    everybody = teacher.get("/gv/nguoi-hoc").text
    found = re.search(rf'href="(/gv/nguoi-hoc/[^"]+)"[^>]*><strong>Kim {how}', everybody)
    assert found, everybody
    assert teacher.post(f"{found[1]}/{how}", data={"sure": "yes"}).status_code == 200
    ended(talk)

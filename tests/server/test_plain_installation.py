"""A class on a machine with nothing but what ``make serve`` installs: every page that a link leads to is there."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.clients import ApiLearner, ClassProcess

EXTRAS = ("numpy", "scipy", "pandas", "matplotlib", "pyarrow", "voila")  # of research, and of live notebooks
LINK = re.compile(r'href="(/[^"#]*)')


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClassProcess]:
    with ClassProcess(tmp_path_factory.mktemp("plain") / "data", without=EXTRAS) as one:
        learner = ApiLearner(one.url)
        learner.join(one.code, "Bác Năm")
        for item in learner.open("thu-suc-ngan")["items"]:
            learner.answer(item)
        learner.finish()
        learner.close()
        yield one


def crawl(visitor: httpx.Client, start: str) -> dict[str, int]:
    """Status of every page and file that links lead to from `start`."""
    found, waiting = dict[str, int](), [start]
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        reply = visitor.get(address)
        found[address] = reply.status_code
        if reply.headers.get("content-type", "").startswith("text/html"):
            waiting += [link.replace("&amp;", "&") for link in LINK.findall(reply.text)]
    return found


def test_every_link_of_the_teacher_leads_somewhere(room: ClassProcess) -> None:
    with httpx.Client(base_url=room.url, follow_redirects=True, timeout=60, trust_env=False) as teacher:
        teacher.get(room.teacher_url)
        found = crawl(teacher, "/gv")
    assert {"/gv/bao-cao.html", "/gv/nguoi-hoc", "/gv/chieu"} <= {address.split("?")[0] for address in found}
    assert any(address.startswith("/gv/bao-cao.pdf") for address in found)
    assert {address: status for address, status in found.items() if status != 200} == {}


def test_every_link_of_a_learner_leads_somewhere(room: ClassProcess) -> None:
    with httpx.Client(base_url=room.url, follow_redirects=True, timeout=60, trust_env=False, headers={"origin": room.url}) as learner:
        assert learner.post("/vao", data={"code": room.code, "name": "Cô Sáu"}).status_code == 200
        found = crawl(learner, "/lop")
    assert "/ket-qua" in found
    assert {address: status for address, status in found.items() if status != 200} == {}

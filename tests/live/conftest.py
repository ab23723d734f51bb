"""A really running class with Voilà behind it, and learners who have joined it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import nbformat
import pytest

from bdhvs.bank.paths import find_content
from bdhvs.live.notebooks import missing_for_live

CHECKOUT = Path(__file__).parents[2]
SOURCE = """
import ipywidgets as widgets


number = widgets.IntSlider(description="n", value=3)
shown = widgets.Label("3")
hidden = widgets.Label("not shown")
button = widgets.Button(description="+1", disabled=False)

def more(_):
    if number.value > 90:
        raise RuntimeError("this text stands in the source")
    number.value += 1

button.on_click(more)
number.observe(lambda change: setattr(shown, "value", str(change["new"])), "value")
widgets.VBox([number, shown, button])
"""


def live_notebook(path: Path, title: str, *sources: str) -> None:
    """Write a live notebook of these code cells."""
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.metadata["bdhvs"] = {"kind": "lesson", "live": True, "lang": "vi", "title": title, "about": "Thử", "minutes": 5}
    notebook.cells = [nbformat.v4.new_markdown_cell(f"# {title}"), *map(nbformat.v4.new_code_cell, sources)]
    nbformat.write(notebook, path)


@dataclass
class Joined:
    """A learner with a cookie."""

    client: httpx.Client
    base: str

    def open(self, notebook: str = "thu", tries: int = 60) -> str:
        """The kernel's id of this learner's page, once it is there; a waiting page is asked again."""
        for _ in range(tries):
            response = self.client.get(f"/song/{notebook}")
            if response.status_code == 200:
                found = re.search(r'"kernelId": "([0-9a-f-]{36})"', response.text)
                assert found, response.text[:500]
                return found[1]
            assert response.status_code == 503, response.text[:500]
        raise AssertionError("the page did not come")

    def socket(self, kernel: str, session: str = "s1") -> str:
        """Address of a kernel's websocket."""
        return f"{self.base.replace('http', 'ws')}/song/api/kernels/{kernel}/channels?session_id={session}"

    @property
    def headers(self) -> dict[str, str]:
        """What this learner's browser sends with a websocket."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.client.cookies.items())
        return {"Cookie": cookies, "Origin": self.base}


class LiveRoom:
    """`bdhvs serve` as a process, with the given notebooks."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self.clients: list[httpx.Client] = []
        environment = {**os.environ, "BDHVS_HOME": str(folder / "content")}
        command = [sys.executable, "-m", "bdhvs", "serve", str(folder / "data"), "--host", "127.0.0.1"]
        command += ["--json", "--no-browser", "--port", str(_free_port()), *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        assert self.process.stdout
        told = json.loads(self.process.stdout.readline())
        self.base, self.code, self.teacher_url = told["addresses"][0], told["code"], told["teacher_url"]

    def join(self, name: str) -> Joined:
        client = httpx.Client(base_url=self.base, headers={"origin": self.base}, timeout=60)
        self.clients.append(client)
        response = client.post("/vao", data={"code": self.code, "name": name})
        assert response.status_code == 303, response.text
        return Joined(client, self.base)

    def voila(self) -> list[int]:
        """Processes of Voilà that this class has started."""
        processes = [one for one in Path("/proc").iterdir() if one.name.isdigit()]
        children = [one for one in processes if f"\nPPid:\t{self.process.pid}\n" in _text(one / "status")]
        return [int(one.name) for one in children if "bdhvs.live.voila_app" in _text(one / "cmdline")]

    def stop(self) -> None:
        for client in self.clients:
            client.close()
        self.process.terminate()
        self.process.wait(30)
        if self.process.stdout:
            self.process.stdout.close()


def content(folder: Path) -> Path:
    """A folder for notebooks, beside the shipped questions."""
    lessons = folder / "content" / "notebooks" / "hoc-vien"
    lessons.mkdir(parents=True)
    (folder / "content" / "assessments").symlink_to(find_content().assessments.resolve())
    return lessons


@pytest.fixture(scope="session")
def live_extra() -> None:
    if missing_for_live():
        pytest.skip('live notebooks need: pip install "bdhvs[live]"')
    if sys.platform != "linux":
        pytest.skip("these tests look into /proc")


@pytest.fixture(scope="module")
def room(live_extra: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveRoom]:
    folder = tmp_path_factory.mktemp("live")
    lessons = content(folder)
    live_notebook(lessons / "thu.ipynb", "Thử", SOURCE)
    live_notebook(lessons / "khac.ipynb", "Khác", SOURCE)
    one = LiveRoom(folder)
    yield one
    one.stop()


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""

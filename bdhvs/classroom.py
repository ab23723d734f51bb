"""A class from a notebook: ``bdhvs.open_class`` starts the class server as a process of its own and shows its QR.

A process and not a thread of the kernel: the class goes on when a cell raises, and a kernel restart does not throw
forty people out.
"""

from __future__ import annotations

import json
import subprocess
import sys
from html import escape
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from bdhvs.errors import SetupError
from bdhvs.server.qr import qr_svg

if TYPE_CHECKING:
    import pandas as pd

START_TIMEOUT_S = 60


class Classroom:
    """A running class. Show it in a cell to see its QR; ``close()`` stops it, answers stay in ``data``.

    Attributes
    ----------
    data : the data folder.
    code : the class code.
    join_url, teacher_url : addresses for learners and for the teacher only.
    """

    def __init__(self, process: subprocess.Popen[str], told: dict[str, Any]) -> None:
        self._process = process
        self.name: str = told["name"]
        self.code: str = told["code"]
        self.join_url: str = told["join_url"]
        self.teacher_url: str = told["teacher_url"]
        self.data = Path(told["data"])

    @property
    def is_open(self) -> bool:
        """Whether the class is running."""
        return self._process.poll() is None

    def responses(self) -> pd.DataFrame:
        """Answers so far, one row per response (see `bdhvs.responses`)."""
        from bdhvs.analysis.frames import responses

        return responses(self.data)

    def close(self) -> None:
        """Stop the class. Harmless when it has stopped already; ``open_class`` on the same folder goes on with it."""
        if self.is_open:
            self._process.terminate()
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._process.kill()  # what was acknowledged is on disk
                self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def __enter__(self) -> Classroom:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Classroom({self.name!r}, code={self.code!r}, {'open' if self.is_open else 'stopped'}, {self.join_url})"

    def _repr_html_(self) -> str:
        if not self.is_open:
            return f"<p><strong>{escape(self.name)}</strong>: lớp đã dừng, kết quả nằm trong <code>{escape(str(self.data))}</code>.</p>"
        return (
            f'<div style="display:flex;gap:24px;flex-wrap:wrap;align-items:center"><div style="width:220px">{qr_svg(self.join_url)}</div>'
            f'<div style="font-size:18px;line-height:1.6"><strong style="font-size:24px">{escape(self.name)}</strong><br>'
            f"Học viên quét mã, hoặc mở: <strong>{escape(self.join_url)}</strong><br>Mã lớp: "
            f'<strong style="font-size:28px;letter-spacing:.1em">{self.code}</strong><br>'
            f'<a href="{escape(self.teacher_url)}" target="_blank" rel="noopener">Trang của giáo viên</a></div></div>'
        )


def open_class(data: str | Path = "bdhvs-data", *, name: str | None = None, new: bool = False, port: int | None = None, host: str = "0.0.0.0") -> Classroom:
    """Open a class on a data folder, or go on with the one that is there.

    Parameters
    ----------
    data : folder in which answers are kept; made when it is not there.
    name : name of a new class, shown to learners.
    new : open a new class even if one is still open in the folder.
    port, host : where to listen; the default is every network of this machine, port 8000 or the next free one.

    Raises
    ------
    SetupError
        with the reason in words, when the class cannot start.
    """
    command = [sys.executable, "-m", "bdhvs", "serve", str(data), "--json", "--host", host]
    command += ["--name", name] if name else []
    command += ["--new"] if new else []
    command += ["--port", str(port)] if port else []
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, encoding="utf-8")
    assert process.stdout is not None and process.stderr is not None
    line = process.stdout.readline()
    if not line.startswith("{"):
        reason = _rest(process.stderr)
        process.wait(timeout=START_TIMEOUT_S)
        raise SetupError(reason or "the class server stopped before it was ready")
    return Classroom(process, json.loads(line))


def _rest(stream: IO[str]) -> str:
    return " ".join(stream.read().split())

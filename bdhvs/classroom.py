"""A class from a notebook: ``bdhvs.open_class`` starts the class server as a process of its own and shows its QR.

A process and not a thread of the kernel: the class goes on when a cell raises, and interrupting or restarting the kernel
does not throw forty people out. What the server says on its error stream goes to ``server.log`` in the data folder: a
pipe that nobody reads would stop it one day.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from contextlib import suppress
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bdhvs.errors import SetupError
from bdhvs.i18n import Gettext, language, translator
from bdhvs.server.qr import qr_svg

if TYPE_CHECKING:
    import pandas as pd

START_TIMEOUT_S = 60  # the slowest start measured is 4 s; a disk that is asleep may take half a minute
STOP_TIMEOUT_S = 10
LOG_BYTES = 1_000_000  # a longer log begins anew at the next start
QUOTED_LINES = 6
LOG = "server.log"
RUNNING = "running.json"  # how to reach the class that runs; for a notebook that lost it when its kernel restarted


class Classroom:
    """A running class. Show it in a cell to see its QR; ``close()`` stops it, answers stay in ``data``.

    Attributes
    ----------
    data : the data folder.
    code : the class code.
    join_url, teacher_url : addresses for learners and for the teacher only.
    """

    def __init__(self, process: subprocess.Popen[str], told: dict[str, Any], lang: str = "vi") -> None:
        self._process = process
        self._lang = lang
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
                self._process.wait(timeout=STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self._process.kill()  # what was acknowledged is on disk
                self._process.wait()
            with suppress(OSError):  # only a convenience; the next start writes it anew
                (self.data / RUNNING).unlink(missing_ok=True)
        if self._process.stdout:
            self._process.stdout.close()

    def __enter__(self) -> Classroom:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Classroom({self.name!r}, code={self.code!r}, {'open' if self.is_open else 'stopped'}, {self.join_url})"

    def _repr_html_(self) -> str:
        _ = translator(self._lang)
        if not self.is_open:
            stopped = _("The class has stopped. All answers are kept in {folder}.").format(folder=self.data)
            return f"<p><strong>{escape(self.name)}</strong>: {escape(stopped)}</p>"
        scan = _("Learners scan the code, or open:  {url}").format(url=self.join_url)
        code = _("Class code:  {code}").format(code=self.code)
        own_page = _("The teacher's page")
        return (
            '<div style="display:flex;gap:24px;flex-wrap:wrap;align-items:center">'
            f'<div style="width:220px;max-width:100%">{qr_svg(self.join_url)}</div>'
            '<div style="font-size:18px;line-height:1.6;overflow-wrap:anywhere">'
            f'<strong style="font-size:24px">{escape(self.name)}</strong><br>{escape(scan)}<br>'
            f'<strong style="font-size:24px">{escape(code)}</strong><br>'
            f'<a href="{escape(self.teacher_url)}" target="_blank" rel="noopener">{escape(own_page)}</a>'
            "</div></div>"
        )


def open_class(
    data: str | Path = "bdhvs-data",
    *,
    name: str | None = None,
    new: bool = False,
    port: int | None = None,
    host: str = "0.0.0.0",
    lang: str = "vi",
) -> Classroom:
    """Open a class on a data folder, or go on with the one that is there.

    Parameters
    ----------
    data : folder in which answers are kept; made when it is not there.
    name : name of a new class, shown to learners.
    new : open a new class even if one is still open in the folder.
    port, host : where to listen; the default is every network of this machine, port 8000 or the next free one.
    lang : language of what is said to the teacher, "vi" or "en".

    Raises
    ------
    SetupError
        with the reason in words, when the class cannot start, or runs already (code ``already_running``).
    """
    lang = language(lang)
    command = [sys.executable, "-m", "bdhvs", "serve", str(data), "--json", "--host", host, "--lang", lang]
    command += ["--name", name] if name else []
    command += ["--new"] if new else []
    command += ["--port", str(port)] if port else []
    folder = Path(data)
    process, started_at = _start(command, folder, translator(lang))
    line = _first_line(process)
    if not line.startswith("{"):
        process.communicate()
        raise _not_started(folder, started_at, translator(lang))
    told = json.loads(line)
    _note_running(folder, {**told, "pid": process.pid})
    return Classroom(process, told, lang)


def _start(command: list[str], folder: Path, _: Gettext) -> tuple[subprocess.Popen[str], int]:
    """The server's process, and where its part of the log begins."""
    log = folder / LOG
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > LOG_BYTES:
            log.unlink()
        with log.open("ab") as errors:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                encoding="utf-8",
                start_new_session=True,  # else the kernel's interrupts and restarts stop the class as well
            )
            return process, errors.tell()
    except OSError as exc:
        sentence = _("The data folder cannot be written. Please check that the disk has free space and is not write-protected.")
        raise SetupError(f"{sentence} ({folder}: {exc.strerror})") from exc


def _first_line(process: subprocess.Popen[str]) -> str:
    """What the server announces; empty when it stopped, or was stopped because it took too long."""
    assert process.stdout is not None
    too_long = threading.Timer(START_TIMEOUT_S, process.kill)
    too_long.start()
    try:
        return process.stdout.readline()
    finally:
        too_long.cancel()


def _not_started(folder: Path, started_at: int, _: Gettext) -> SetupError:
    with (folder / LOG).open("rb") as log:
        log.seek(started_at)
        lines = [line.strip() for line in log.read().decode("utf-8", "replace").splitlines() if line.strip()]
    said = "\n".join(lines[-QUOTED_LINES:])
    if "(store_owned:" in said:
        return SetupError(_already_running(folder, said, _), "already_running")
    return SetupError(said or _("The class server stopped before it was ready, without saying why."))


def _already_running(folder: Path, said: str, _: Gettext) -> str:
    owner = re.search(r"process (\d+)", said)
    told = _running(folder)
    sentences = [_("A class is already running on the folder {folder}.").format(folder=folder)]
    if owner and told and told.get("pid") == int(owner[1]):
        sentences.append(_("The teacher's page: {url}").format(url=told["teacher_url"]))
        sentences.append(_("Learners join at: {url}").format(url=told["join_url"]))
    else:
        sentences.append(_("Its QR and the teacher's link stand in the window in which it was started."))
    if owner:
        sentences.append(_("To stop it, end process {pid}; to teach another class, give another folder.").format(pid=owner[1]))
    return "\n".join(sentences)


def _note_running(folder: Path, told: dict[str, Any]) -> None:
    file = folder / RUNNING
    with suppress(OSError):  # the class runs all the same
        file.touch(mode=0o600)  # it holds the teacher's link
        file.chmod(0o600)
        file.write_text(json.dumps(told, ensure_ascii=False), "utf-8")


def _running(folder: Path) -> dict[str, Any] | None:
    try:
        told = json.loads((folder / RUNNING).read_text("utf-8"))
    except (OSError, ValueError):
        return None  # not started from a notebook
    return told if isinstance(told, dict) else None

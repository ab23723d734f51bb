"""Lessons as light pages: a notebook is executed once, rendered without scripts, and kept.

No learner's visit starts a Python process: the page is text, pictures and mount points for quizzes, which the
front end brings to life over HTTP. Keys never enter the notebook's kernel here: a quiz cell only says which form
belongs in its place.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import mimetypes
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bdhvs.errors import LessonError
from bdhvs.widgets.embed import EMBED_TYPE

if TYPE_CHECKING:
    from traitlets.config import Config

log = logging.getLogger("bdhvs.lessons")
RENDER_VERSION = 3  # raise when the rendering changes, so that kept pages are made anew
CELL_TIMEOUT_S = 120
BESIDE_A_CLASS = 10  # niceness of the process that makes lessons while learners are served
PICTURE = re.compile(r"!\[[^\]]*\]\(([^):]+)\)")  # of Markdown, in a file beside the notebook


@dataclass(frozen=True, slots=True)
class LessonInfo:
    """What a lesson's notebook says of itself, without running it."""

    id: str
    lang: str
    title: str
    about: str
    minutes: int
    competences: tuple[str, ...]
    order: int
    path: Path


@dataclass(frozen=True, slots=True)
class LightPage:
    """A rendered lesson: safe to send to anybody; ``forms`` are the quizzes mounted in it."""

    html: str
    forms: tuple[str, ...] = ()
    error: str | None = None  # for the teacher; learners see a calm sentence


def read_lessons(folder: Path) -> list[LessonInfo]:
    """The lessons of a notebooks folder, in order; other languages lie in a folder named after the language.

    Raises
    ------
    LessonError
        naming the notebook that cannot be read.
    """
    paths = sorted(path for path in folder.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)
    lessons = [info for path in paths if (info := read_lesson(path)) is not None]
    return sorted(lessons, key=lambda info: (info.order, info.id))


def read_lesson(path: Path) -> LessonInfo | None:
    """What one notebook says of itself; None when it is not a lesson."""
    try:
        notebook = json.loads(path.read_text("utf-8"))
        about = notebook["metadata"].get("bdhvs", {})
        if about.get("kind") != "lesson" or about.get("live") is True:  # live ones have no light page
            return None
        return LessonInfo(
            id=path.stem,
            lang=about.get("lang", "vi"),
            title=about["title"],
            about=about["about"],
            minutes=int(about["minutes"]),
            competences=tuple(about["competences"]),
            order=int(about.get("order", 99)),
            path=path,
        )
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as exc:
        message = f"{path}: found {type(exc).__name__}: {exc}; expected a notebook whose metadata has bdhvs.kind, title, about, minutes, competences"
        raise LessonError(message) from exc


def render(path: Path) -> LightPage:
    """Execute a lesson, in a kernel where it needs one, and render it.

    Raises
    ------
    LessonError
        when the notebook is empty, unreadable, names a picture that is not there, or one of its cells raises or takes too long.
    """
    import nbformat

    from bdhvs.server.lesson_cells import fill_quiz_cells

    try:
        notebook = nbformat.read(path, as_version=4)
    except (OSError, ValueError, nbformat.reader.NotJSONError) as exc:
        raise LessonError(f"{path}: cannot be read as a notebook: {exc}") from exc
    pictures(path)
    if not any(cell.source.strip() for cell in notebook.cells):
        raise LessonError(f"{path}: the lesson is empty; write at least one cell")
    if not fill_quiz_cells(notebook):
        _execute(notebook, path)
    return LightPage(to_html(notebook, path.parent), tuple(embedded_forms(notebook.cells)))


def _execute(notebook: Any, path: Path) -> None:
    """Run a notebook in a kernel of its own, in the lesson's folder; the outputs come into it."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    try:
        with TemporaryDirectory(prefix="bdhvs-") as sockets:
            NotebookClient(
                notebook,
                timeout=CELL_TIMEOUT_S,
                kernel_name="python3",
                resources={"metadata": {"path": str(path.parent)}},
                config=_kernel_config(sockets),
            ).execute()
    except (CellExecutionError, CellTimeoutError, DeadKernelError, RuntimeError) as exc:
        # RuntimeError: nbclient's word for a kernel that did not start in time.
        last = str(exc).strip().splitlines()[-1] if str(exc).strip() else type(exc).__name__
        raise LessonError(
            f"{path}: a cell failed: {last}. Open the notebook, run it from the top and repair the cell"
        ) from exc


def rendered_apart(
    paths: Sequence[Path], stopped: threading.Event, niceness: int = 0
) -> Iterator[tuple[Path, LightPage]]:
    """`render` of each notebook, in a process of its own; one that fails has its reason in place of a page.

    The class server then never loads nbclient and nbconvert (some 60 MB), and a class that is stopped while lessons are being
    made need not wait for a kernel: nothing more comes after `stopped` was set. `niceness` of that process and its kernels: 0-19.
    """
    left = list(paths)
    while left and not stopped.is_set():
        with _maker(left, niceness) as process:
            for line in _lines(process, stopped):
                yield left.pop(0), LightPage(**{**line, "forms": tuple(line["forms"])})
        if left and not stopped.is_set():  # it ended in the middle of one; the others get their turn
            path = left.pop(0)
            yield path, LightPage("", error=f"{path}: rendering ended without a page (exit code {process.returncode})")


def _maker(paths: Sequence[Path], niceness: int) -> subprocess.Popen[bytes]:
    program = f"from bdhvs.server.lessons import render_to_stdout; render_to_stdout({niceness})"
    command = [sys.executable, "-c", program, *map(str, paths)]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def _lines(process: subprocess.Popen[bytes], stopped: threading.Event) -> Iterator[dict[str, Any]]:
    """What a maker prints, page by page, until it ends or is stopped."""
    assert process.stdout is not None
    lines: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_pass_on, args=(process.stdout, lines), daemon=True).start()
    while not stopped.is_set():
        try:
            line = lines.get(timeout=0.2)
        except Empty:
            continue
        if not line:
            return
        yield json.loads(line)
    process.terminate()


def _pass_on(out: Iterable[bytes], lines: SimpleQueue[bytes]) -> None:
    for line in out:
        lines.put(line)
    lines.put(b"")


def render_to_stdout(niceness: int) -> None:
    """`render` the notebooks named by the arguments; for each a line of JSON: the page, or what went wrong."""
    if sys.platform != "win32":
        os.nice(niceness)
    out, sys.stdout = sys.stdout, sys.stderr  # a lesson's own prints are no part of the answer
    for path in sys.argv[1:]:
        try:
            page = render(Path(path))
        except LessonError as error:
            page = LightPage("", error=str(error))
        out.write(json.dumps(asdict(page)) + "\n")
        out.flush()


def _kernel_config(folder: str) -> Config:
    """Sockets in a folder of ours where there are such: nobody else on the machine or network can reach the kernel."""
    from traitlets.config import Config

    if sys.platform == "win32":
        return Config()
    return Config(KernelManager={"transport": "ipc", "connection_file": f"{folder}/kernel.json"})


def to_html(notebook: Any, folder: Path) -> str:
    """The executed notebook as an HTML fragment, by our nbconvert template; pictures, relative to `folder`, travel inside it."""
    from nbconvert.exporters import HTMLExporter

    templates = Path(__file__).parents[1] / "share" / "jupyter" / "nbconvert" / "templates"
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            _attach_pictures(cell, folder)
    exporter = HTMLExporter(
        template_name="bdhvs_light",
        extra_template_basedirs=[str(templates)],
        exclude_anchor_links=True,
        embed_images=True,  # those of raw HTML
    )
    body, _ = exporter.from_notebook_node(notebook, resources={"metadata": {"path": str(folder)}})
    return str(body)


def _attach_pictures(cell: Any, folder: Path) -> None:
    """Make the picture files that a cell shows its attachments: nbconvert embeds no file above the notebook's folder (``../hinh/``)."""
    for name in dict.fromkeys(PICTURE.findall(cell.source)):
        kind = mimetypes.guess_type(name)[0] or "image/svg+xml"
        data = base64.b64encode((folder / name).read_bytes()).decode("ascii")
        cell.setdefault("attachments", {})[name] = {kind: data}
        cell.source = cell.source.replace(f"]({name})", f"](attachment:{name})")


def pictures(path: Path) -> list[Path]:
    """The picture files that a notebook's texts show, in order, each once.

    Raises
    ------
    LessonError
        naming the picture that is not there.
    """
    found = list(dict.fromkeys(path.parent / name for name in PICTURE.findall(path.read_text("utf-8"))))
    for one in found:
        if not one.is_file():
            raise LessonError(f"{path}: found no picture {one.name} in {one.parent}; put it there or correct its name")
    return found


def embedded_forms(cells: Iterable[Any]) -> list[str]:
    """Forms of the quizzes in a notebook's outputs, in order, each once."""
    outputs = (output.get("data", {}) for cell in cells for output in cell.get("outputs", ()))
    forms = (data[EMBED_TYPE].get("form") for data in outputs if EMBED_TYPE in data)
    return list(dict.fromkeys(form for form in forms if form))


@dataclass
class LessonShelf:
    """The lessons of a class and their pages, rendered in the background and kept in ``cache``."""

    lessons: tuple[LessonInfo, ...]
    cache: Path
    version: str
    pages: dict[Path, LightPage] = field(default_factory=dict)
    _stopped: threading.Event = field(default_factory=threading.Event)

    def find(self, lesson_id: str, lang: str) -> LessonInfo | None:
        """The lesson in this language, else in Vietnamese; None when the class does not have it."""
        found: Mapping[str, LessonInfo] = {info.lang: info for info in self.lessons if info.id == lesson_id}
        return found.get(lang) or found.get("vi") or next(iter(found.values()), None)

    def listed(self, lang: str) -> list[LessonInfo]:
        """One entry per lesson, in this language where there is one."""
        ids = dict.fromkeys(info.id for info in self.lessons)
        return [info for one in ids if (info := self.find(one, lang)) is not None]

    def page(self, info: LessonInfo) -> LightPage | None:
        """The page of a lesson; None while it is still being made."""
        return self.pages.get(info.path)

    def forms(self) -> set[str]:
        """Forms mounted in the lessons rendered so far."""
        return {form for page in self.pages.values() for form in page.forms}

    def unmade(self) -> list[LessonInfo]:
        """Lessons whose pages are not kept yet: each takes some seconds after a class has started."""
        return [info for info in self.lessons if self._kept(info) is None]

    def prepare(self, niceness: int = 0) -> None:
        """Render every lesson that is not kept yet. One that fails says why; the others go on."""
        kept = {info.path: page for info in self.lessons if (page := self._kept(info)) is not None}
        self.pages.update(kept)
        infos = {info.path: info for info in self.lessons if info.path not in kept}
        for path, page in rendered_apart(tuple(infos), self._stopped, niceness):
            if page.error is None:
                self._keep(infos[path], page)
            else:
                log.warning("%s", page.error)
            self.pages[path] = page

    def prepare_in_background(self) -> threading.Thread:
        """`prepare` in a thread of its own, while a class runs: learners who are already there come first."""
        thread = threading.Thread(target=self.prepare, args=(BESIDE_A_CLASS,), name="bdhvs-lessons", daemon=True)
        thread.start()
        return thread

    def _file(self, info: LessonInfo) -> Path:
        content = b"".join(one.read_bytes() for one in (info.path, *pictures(info.path)))
        content += f"{self.version}:{RENDER_VERSION}".encode()
        return self.cache / f"{info.id}-{hashlib.sha256(content).hexdigest()[:16]}.json"

    def _kept(self, info: LessonInfo) -> LightPage | None:
        try:
            kept = json.loads(self._file(info).read_text("utf-8"))
            return LightPage(kept["html"], tuple(kept["forms"]))
        except (OSError, ValueError, KeyError, LessonError):
            return None  # not made yet, half written by a process that was killed, or a picture is missing: made anew

    def stop(self) -> None:
        """Stop rendering; what is not made yet is made next time."""
        self._stopped.set()

    def _keep(self, info: LessonInfo, page: LightPage) -> None:
        try:
            self.cache.mkdir(parents=True, exist_ok=True)
            whole = self._file(info).with_suffix(".part")
            whole.write_text(json.dumps(asdict(page), ensure_ascii=False), "utf-8")
            whole.replace(self._file(info))
        except OSError as exc:
            log.warning("the lesson page could not be kept, it will be made again next time: %s", exc)

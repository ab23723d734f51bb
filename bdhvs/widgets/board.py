"""The live board in a notebook cell: the front end of the teacher's page, fed over the comm.

The kernel does the talking. A notebook's browser often cannot reach the class's port (JupyterHub, VS Code, another
machine), a page may not read another origin's answers, and the teacher's token stays out of what a page's scripts see.

A view says what it looks at, and says so again every few seconds; a thread asks the class for it and passes on what
changed. Whoever falls silent (a closed cell, a closed page, a restarted kernel) is no longer asked for.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import traitlets

from bdhvs.errors import BdhvsError
from bdhvs.widgets.guarded import GuardedWidget

GLUE = Path(__file__).parent / "static" / "board_widget.js"
PAUSE_S = 0.4  # between two questions; with the answer's way well under a second
LOST_PAUSE_S = 2.0
ALIVE_S = 8.0  # a sign of life when nothing changes, so that the page knows a dead kernel
FORGET_S = 60.0  # a page says every 15 s that it is there; a cell that computes may hold its words back
MOST_VIEWS = 16  # of one widget; more are a fault of somebody's script
MOST_CHARS = 80  # of an id; longer ones name nothing of ours

#: Asks the class for what somebody looks at: form, item, marks, key, names as texts (flags "0" or "1"); gives the feed's JSON.
Ask = Callable[[dict[str, str]], Any]


class BoardWidget(GuardedWidget):
    """The board of a class. May be shown in many cells; each has its own view.

    Parameters
    ----------
    ask : blocking; raises BdhvsError when the class does not answer, with the code ``not_teacher`` when it refuses.
    module, css : the board's front end as text.
    strings : its texts.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    css = traitlets.Unicode().tag(sync=True)
    strings = traitlets.Dict().tag(sync=True)
    lang = traitlets.Unicode("vi").tag(sync=True)

    def __init__(self, ask: Ask, *, module: str, css: str, strings: dict[str, str], lang: str) -> None:
        self._ask = ask
        self._views: dict[int, _View] = {}
        # One module of two texts: a notebook takes a single file, and an import could not name the other's address.
        super().__init__(_esm=f"{module}\n{GLUE.read_text('utf-8')}", css=css, strings=strings, lang=lang)

    def close(self) -> None:
        """End all views."""
        for view in list(self._views.values()):
            view.end()
        super().close()

    @property
    def watching(self) -> int:
        """How many views are fed now."""
        return sum(view.is_fed() for view in list(self._views.values()))

    def _received(self, content: Any) -> None:
        number = content.get("view") if isinstance(content, dict) else None
        if not isinstance(number, int) or isinstance(number, bool):
            return  # not of ours: there is nobody to answer
        view = self._views.get(number)
        if "looking" not in content:
            if view:
                view.end()
        elif view and view.is_fed():
            view.heard()
        else:
            self._begin(number, content["looking"])

    def _begin(self, number: int, looking: Any) -> None:
        self._views = {one: view for one, view in self._views.items() if view.is_fed()}
        if len(self._views) >= MOST_VIEWS or not isinstance(looking, dict):
            return
        self._views[number] = _View(number, _asked(looking), self._ask, self.send)
        self._views[number].start()


def _asked(looking: dict[Any, Any]) -> dict[str, str]:
    """What a page looks at, as the feed is asked for it; what is none of ours is left out."""
    flags = {name: "1" if looking[name] is True else "0" for name in ("marks", "key", "names") if name in looking}
    ids = {name: looking[name][:MOST_CHARS] for name in ("form", "item") if isinstance(looking.get(name), str)}
    return {**flags, **{name: one for name, one in ids.items() if one}}


class _View(threading.Thread):
    """One view's feed. A daemon: it ends with the kernel."""

    def __init__(self, number: int, asked: dict[str, str], ask: Ask, send: Callable[[dict[str, Any]], None]) -> None:
        super().__init__(name=f"bdhvs-board-{number}", daemon=True)
        self._number = number
        self._asked = asked
        self._ask = ask
        self._send = send
        self._over = threading.Event()
        self._heard_at = time.monotonic()

    def is_fed(self) -> bool:
        return self.is_alive() and not self._over.is_set()

    def heard(self) -> None:
        self._heard_at = time.monotonic()

    def end(self) -> None:
        self._over.set()

    def run(self) -> None:
        shown, spoken_at, pause = None, 0.0, PAUSE_S
        while not self._over.wait(pause if spoken_at else 0):
            if time.monotonic() - self._heard_at > FORGET_S:
                break
            said, now = self._news(shown), time.monotonic()
            shown = said.get("shown", shown) if "state" not in said else None
            pause = LOST_PAUSE_S if "state" in said else PAUSE_S
            if len(said) > 0 or now - spoken_at >= ALIVE_S:
                self._tell(said)
                spoken_at = now
            if said.get("state") == "refused":
                break
        self._over.set()

    def _news(self, shown: Any) -> dict[str, Any]:
        """What is new for the page: a view, or that there is none; empty when nothing is."""
        try:
            found = self._ask(self._asked)
        except BdhvsError as error:
            return {"state": "refused" if error.code == "not_teacher" else "lost"}
        except Exception:  # whatever the class answered, the page says that it is lost and the kernel goes on
            return {"state": "lost"}
        same = isinstance(shown, dict) and _without_time(found) == _without_time(shown)
        return {} if same else {"shown": found}

    def _tell(self, said: dict[str, Any]) -> None:
        try:
            self._send({"view": self._number, **said})
        except Exception:  # the comm is gone, and with it whoever would read this
            self._over.set()


def _without_time(found: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if name != "now_ms"}

"""``bdhvs.exercise``: a programming exercise in a notebook cell: an editor, Run, what was printed, checks with hints.

What is expected stays in the kernel: a browser can read every synced trait. Programs come as custom messages and run in a
process of their own (`bdhvs.exercises.program`). Practice only: no result is kept by the class.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from bdhvs.bank.render import render_block, render_inline
from bdhvs.exercises.checks import first_hint, judged, probes
from bdhvs.exercises.exercise import Exercise, load_exercise
from bdhvs.exercises.program import MOST_SIGNS, Program
from bdhvs.exercises.sentences import ending
from bdhvs.i18n import Gettext, language, translator

STATIC = Path(__file__).parent / "static"


class ExerciseWidget(anywidget.AnyWidget):
    """An exercise with its editor.

    Parameters
    ----------
    exercise : what its file says.
    lang : "vi" or "en".
    """

    _esm = STATIC / "exercise.js"
    _css = STATIC / "exercise.css"

    exercise = traitlets.Unicode().tag(sync=True)
    lang = traitlets.Unicode("vi").tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    task = traitlets.Unicode().tag(sync=True)
    starter = traitlets.Unicode().tag(sync=True)
    goals = traitlets.List(traitlets.Unicode()).tag(sync=True)
    strings = traitlets.Dict().tag(sync=True)

    def __init__(self, exercise: Exercise, *, lang: str = "vi") -> None:
        lang = language(lang)
        super().__init__(
            exercise=exercise.id,
            lang=lang,
            title=exercise.title.in_language(lang),
            task=render_block(exercise.task.in_language(lang)),
            starter=exercise.starter.in_language(lang),
            goals=[render_inline(check.goal.in_language(lang)) for check in exercise.checks],
            strings=strings(translator(lang)),
        )
        self._exercise = exercise
        self._lock = threading.Lock()
        self._running: Program | None = None

    def _handle_msg(self, msg: Any) -> None:
        """Take what a browser sends: questions and requests for the state, never an update of it."""
        content = msg.get("content")
        data = content.get("data") if isinstance(content, dict) else None
        if not isinstance(data, dict):
            return
        if data.get("method") == "request_state":
            self.send_state()
        elif data.get("method") == "custom" and isinstance(data.get("content"), dict):
            self._received(data["content"])

    def _received(self, content: dict[str, Any]) -> None:
        code, number = content.get("code"), content.get("run")
        if content.get("stop") is True:
            with self._lock:
                if self._running is not None:
                    self._running.stop()
        elif isinstance(code, str) and isinstance(number, int) and len(code) <= MOST_SIGNS:
            self._begin(code, number)

    def _begin(self, code: str, number: int) -> None:
        """Run in a thread of its own, so that Stop is heard; one program at a time."""
        with self._lock:
            if self._running is not None:
                return
            in_class = os.environ.get("BDHVS_LIVE") == "1"
            self._running = Program(code, probes(self._exercise), in_class=in_class)
        threading.Thread(target=self._run, args=(self._running, number), daemon=True).start()

    def _run(self, program: Program, number: int) -> None:
        reply: dict[str, Any] = {"run": number, "failed": True}
        try:
            reply = {"run": number, **self._told(program)}
        except OSError:
            pass  # no process could be made: the page says that it may be tried again
        finally:
            with self._lock:
                self._running = None
            self.send(reply)

    def _told(self, program: Program) -> dict[str, Any]:
        outcome = program.run()
        findings = judged(self._exercise, program.code, outcome, self.lang)
        said = ending(outcome, translator(self.lang))
        return {
            "output": outcome.output,
            "said": said,
            "reached": [one.reached for one in findings],
            "hint": "" if said else render_block(first_hint(findings)),
            "passed": all(one.reached for one in findings),
        }


def exercise(exercise_id: str, *, lang: str = "vi") -> ExerciseWidget:
    """A programming exercise to show in a live notebook: ``bdhvs.exercise("kiem-phieu")``.

    Parameters
    ----------
    exercise_id : name of a file in ``assessments/exercises/`` without ending.
    lang : language of the texts, "vi" (default) or "en".

    Raises
    ------
    NotFound, BankError
        when there is no such exercise, or its file is wrong.
    """
    return ExerciseWidget(load_exercise(exercise_id), lang=lang)


def strings(gettext: Gettext) -> dict[str, str]:
    """Texts of the editor by their keys in frontend/src/exercise.js."""
    return {
        "editor": gettext("Your program"),
        "how_out": gettext("Tab moves a line to the right. To leave the editor with the keyboard, press Esc, then Tab."),
        "keys": gettext("Signs that are hard to find on a phone"),
        "indent": gettext("Four spaces"),
        "run": gettext("Run"),
        "stop": gettext("Stop"),
        "again": gettext("Begin anew"),
        "again_sure": gettext("Throw away what is written here and begin anew?"),
        "running": gettext("Running…"),
        "output": gettext("What the program prints"),
        "nothing": gettext("(nothing was printed)"),
        "checks": gettext("What the program shall do"),
        "reached": gettext("done"),
        "not_yet": gettext("not yet"),
        "hint": gettext("Hint"),
        "passed": gettext("Well done! The program does everything it shall do."),
        "failed": gettext("The program could not be run just now. Please try again."),
        "lost": gettext("The class machine does not answer. What is written here is kept on this device; please reload the page."),
    }

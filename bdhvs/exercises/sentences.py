"""What is said of a program: how it ended, and Python's errors in plain words."""

from __future__ import annotations

from typing import Any

from bdhvs.exercises.program import MOST_SECONDS, Outcome
from bdhvs.i18n import Gettext


def ending(outcome: Outcome, _: Gettext) -> str:
    """A sentence on how the program ended; empty when it came to its end."""
    sentences = {
        "time": _("The program ran for {n} seconds and was stopped. Is there a loop that never ends?").format(n=int(MOST_SECONDS)),
        "output": _("The program printed too much and was stopped. Is there a print inside a loop that never ends?"),
        "stopped": _("The program was stopped."),
        "killed": _("The program was stopped: it took too much memory, or broke off."),
        "refused": _("Programs cannot be run on this machine. Please tell the teacher."),
    }
    if outcome.end == "error":
        return error_in_words(outcome.error or {}, _)
    return sentences.get(outcome.end, "")


def error_in_words(error: dict[str, Any], _: Gettext) -> str:
    """One of Python's errors as a sentence with its line."""
    kind, line = str(error.get("kind", ""))[:40], error.get("line")
    said = {
        "SyntaxError": _("Python cannot read this line. Look for a missing bracket, quote or colon, here or in the line above."),
        "IndentationError": _("The spaces at the start of this line do not fit. Lines that belong together begin equally far to the right."),
        "TabError": _("The spaces at the start of this line do not fit. Lines that belong together begin equally far to the right."),
        "NameError": _("A name here is not known yet. Is it spelled as above, with the same small and capital letters?"),
        "TypeError": _("Two things here do not go together, such as a number and a text."),
        "ValueError": _("A value here is not of the kind that is needed."),
        "KeyError": _("This entry is not in the table. Is it spelled the same way, and was it put in before?"),
        "IndexError": _("There is no entry with this number. The first has number 0."),
        "ZeroDivisionError": _("Here something is divided by zero."),
        "AttributeError": _("What stands after the dot is not known here. Is it spelled rightly?"),
        "MemoryError": _("The program needs too much memory."),
        "RecursionError": _("A function calls itself without end."),
        "PermissionError": _("The program may not do this here: files, the network and other programs are out of reach."),
        "ModuleNotFoundError": _("This library is not there. The exercise can be done without it."),
    }.get(kind, _("The program broke off."))
    detail = f"{kind}: {str(error.get('message', ''))[:200]}" if kind else ""
    place = _("Line {n}:").format(n=line) + " " if isinstance(line, int) else ""
    return f"{place}{said} ({detail})" if detail else f"{place}{said}"

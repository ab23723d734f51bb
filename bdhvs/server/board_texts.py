"""Texts of the live board: no text for people lives in JavaScript. ``{n}`` and the like are filled in by the browser."""

from __future__ import annotations

from bdhvs.i18n import Gettext


def board_strings(_: Gettext) -> dict[str, str]:
    """Every text that board.js asks for, by its key, in the language of `_`."""
    return {
        "here": _("{here} of {total} are here"),
        "calls": _("{n} ask for help"),
        "lost": _("{n} lost the connection"),
        "current": _("{n} of {here} have answered question {number}"),
        "led": _("Question {n}, together: {answered}/{here} have answered"),
        "finished": _("{n} have handed in"),
        "form": _("The board of"),
        "form_option": _("{title} ({n} people)"),
        "automatic": _("The one most are working at"),
        "hide_names": _("Hide names"),
        "show_marks": _("Show right and wrong"),
        "help_title": _("Asks for help"),
        "grid_title": _("Who is doing what"),
        "name": _("Name"),
        "progress": _("Progress"),
        "question": _("Question {n}"),
        "look_at": _("Question {n}: look at the answers"),
        "person": _("Person {n}"),
        "answered_row": _("Answered, of {n} here"),
        "legend": _("What the signs mean"),
        "not_started": _("Not started"),
        "thinking": _("Thinking"),
        "answered": _("Answered"),
        "right": _("Right"),
        "partly": _("Partly right"),
        "wrong": _("Not yet right"),
        "skipped": _("Skipped"),
        "helped": _("with help or a hint"),
        "row_finished": _("Handed in"),
        "row_lost": _("Lost the connection"),
        "row_absent": _("Not here today"),
        "row_call": _("Asks for help"),
        "just_now": _("just now"),
        "minutes": _("{n} minutes"),
        "hours": _("{n} hours"),
        "own_questions": _("Everybody gets questions of their own here; the numbers only say which question each person is at."),
        "place": _("The {n}. question each person was given"),
        "nobody": _("Nobody has joined yet."),
        "hidden_rows": _("{n} more people are not shown."),
        "missed_title": _("Missed most"),
        "missed": _("Question {n}: {right} of {judged} right"),
        "details_title": _("Question {n}: {answers} answers"),
        "option": _("Chosen answer"),
        "count": _("People"),
        "typed": _("Typed most often"),
        "show_key": _("Show the answer"),
        "key": _("The answer"),
        "is_key": _("right answer"),
        "close": _("Close"),
        "feed_lost": _("The page has lost the class server. It is trying again; phones keep all answers."),
        "feed_refused": _("Please open it with the teacher's link, printed where the class was started."),
        "said_call": _("{name} asks for help: {place}"),
        "said_lost": _("{name} lost the connection"),
    }


def health_sentence(health: str | None, _: Gettext) -> str | None:
    """What keeps answers from being saved (`Store.health`), as the teacher reads it; None when nothing does."""
    if health is None:
        return None
    if health == "disk_full":
        return _(
            "The disk is full: answers cannot be saved now. Nothing saved is lost, phones keep the rest. Please free some space."
        )
    if health == "read_only":
        return _(
            "The data folder cannot be written: answers cannot be saved now. Nothing saved is lost, phones keep the rest. Please check the disk."
        )
    return _("Answers cannot be saved right now. Nothing saved is lost, phones keep the rest, and we keep trying.")

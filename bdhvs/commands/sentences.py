"""Errors in a teacher's words: what happened and what to do."""

from __future__ import annotations

from bdhvs.errors import BdhvsError
from bdhvs.i18n import Gettext


def explain(error: BdhvsError, _: Gettext) -> str:
    """One or two sentences a teacher understands; the technical text stands beside it."""
    sentences = {
        "store_owned": _("A class is already running on this data folder. Stop it first, or choose another folder."),
        "store_unavailable": _(
            "The data folder cannot be written. Please check that the disk has free space and is not write-protected."
        ),
        "store_corrupted": _(
            "The file with the answers is damaged. We did not touch it. Please keep a copy of the folder and ask for help; to teach now, start with another folder."
        ),
        "store": _("The data folder cannot be used."),
        "port_in_use": _(
            "The port is used by another program. Stop that program, or start with another number: --port 8010."
        ),
        "port_forbidden": _("This port number is reserved. Start with a number above 1023, for example --port 8010."),
        "unknown_lesson": _("There is no such lesson. The names of the lessons stand below."),
        "unknown_form": _("There is no such quiz. The names of the quizzes stand below."),
        "bank": _("A question file has a mistake; it stands below. Please repair it, or update bdhvs."),
        "lesson": _("A lesson cannot be read; the file stands below. Please repair it, or update bdhvs."),
        "places": _("A file of provinces or communes has a mistake; it stands below. Please repair it."),
        "class_list": _("The class list cannot be read; the lines stand below. Please repair the file and start again."),
        "class_list_missing": _("The class list was not found. Please check the name of the file and its folder."),
        "class_list_empty": _("There is no name in the list that can be used; the lines stand below. Please repair the file."),
        "class_list_too_big": _("The file is too big for a class list. Please copy the names alone into a new file."),
        "class_list_old_excel": _(
            "This is a file of an old Excel (.xls). Please open it in Excel or LibreOffice and save it as .xlsx."
        ),
        "class_list_no_list": _("This file is no list. Please save the names as .xlsx, as 'CSV UTF-8', or as text, a name a line."),
        "class_list_damaged": _("The Excel file is damaged. Please open it in Excel, save it under another name, and use that."),
        "class_list_letters": _(
            "The letters of this file cannot be read. Please open it where its names look right and save it as 'CSV UTF-8' or text UTF-8."
        ),
        "name_empty": _("Please give the class a name."),
        "name_too_long": _("The name of the class is too long: at most 40 letters."),
        "names_and_no_names": _("A class either has a list of names or stores none. Please leave out --names or --no-names."),
        "missing_extra": _("A part of bdhvs is not installed; the line to type stands below."),
    }
    return sentences.get(error.code, _("It did not work. The reason stands below."))

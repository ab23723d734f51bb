"""From an error to the calm sentence a learner sees, and the status a channel reports."""

from __future__ import annotations

from bdhvs.i18n import marked as _n
from bdhvs.i18n import translator
from bdhvs.service.protocol import RefusedReply

#: code → (HTTP status, sentence). A code that is not here is a fault of ours: status 500.
SENTENCES: dict[str, tuple[int, str]] = {
    "invalid_message": (400, _n("Something was sent that we do not understand. Please reload the page.")),
    "no_session": (
        401,
        _n("You have not joined a class yet, or the class is a new one. Please join with the class code."),
    ),
    "not_allowed": (403, _n("This is not possible now.")),
    "finished": (403, _n("This quiz is already handed in.")),
    "time_over": (
        403,
        _n("The time was over before this answer came, so it does not count. If your network was away, tell the teacher."),
    ),
    "paused": (403, _n("The quiz is paused. Press Continue to go on.")),
    "closed_item": (403, _n("This question takes no more answers.")),
    "no_going_back": (403, _n("This quiz goes forward only.")),
    "not_open": (403, _n("The teacher has not opened this question yet. Please wait a moment.")),
    "together": (403, _n("The whole class is working together now. The teacher will say when to hand in.")),
    "revealed": (403, _n("The teacher has already gone over this question, so this answer was not counted.")),
    "not_begun": (403, _n("The class has not begun yet. Please wait for the teacher.")),
    "class_ended": (403, _n("The teacher has ended the class. What was saved is kept; nothing more is taken now.")),
    "class_closed": (401, _n("The class is over. Your answers are kept.")),
    "not_found": (404, _n("We could not find this. It may belong to another class.")),
    "too_large": (413, _n("This is too long. Please write it shorter.")),
    "invalid_response": (422, _n("The answer could not be read. Please check it: a number looks like 1.234,5.")),
    "too_fast": (429, _n("Too fast. Please wait a moment, it will go on by itself.")),
    "store_unavailable": (503, _n("Not saved yet, trying again.")),
}
FAULT = (500, _n("Something went wrong on our side. Your answers are kept; please call the teacher."))


def refusal(code: str, lang: str) -> tuple[int, RefusedReply]:
    """Status and reply for an error code, in the learner's language."""
    status, sentence = SENTENCES.get(code, FAULT)
    return status, RefusedReply(code=code if code in SENTENCES else "fault", text=translator(lang)(sentence))

"""What the class's pace means for one attempt: which messages it refuses, and which item is on the screen."""

from __future__ import annotations

from dataclasses import replace

from bdhvs.core.attempt import Attempt
from bdhvs.core.attempt_commands import Answer, Command, GoTo, Skip
from bdhvs.core.pace import Pace
from bdhvs.service import protocol
from bdhvs.service.sessions import LiveAttempt


def refuse_by_pace(pace: Pace, live: LiveAttempt, message: protocol.Act) -> None:
    """Nothing when the class's pace lets the message through.

    Raises
    ------
    NotAllowed
        with a code of `bdhvs.core.pace`.
    """
    form = live.row.form_id
    match message:
        case protocol.AnswerItem(item=item):
            state = live.attempt.states.get(item)
            answers = state.answers if state is not None and live.attempt.rules.practice else 0
            pace.require_open(form, item, answers=answers)
        case protocol.SkipItem(item=item) | protocol.AskForHint(item=item):
            pace.require_open(form, item, answers=0)
        case protocol.GoToItem(item=item):
            pace.require_reached(form, item)
        case protocol.FinishAttempt():
            pace.require_free(form)
        case _:
            pace.require_running()


def as_led(pace: Pace, live: LiveAttempt, command: Command) -> Attempt:
    """The attempt with the item on its screen that the teacher has put there, also where a form goes forward only."""
    led = pace.led.get(live.row.form_id)
    if led is None or not isinstance(command, (Answer, Skip, GoTo)) or command.item not in led.opened:
        return live.attempt
    return replace(live.attempt, current=command.item) if command.item in live.given else live.attempt

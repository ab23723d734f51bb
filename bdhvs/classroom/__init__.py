"""A class from a notebook: open it or attach to one that runs, see its board, take its report, close it."""

from bdhvs.classroom.board import board
from bdhvs.classroom.offers import Offers, offers
from bdhvs.classroom.room import Classroom, attach, open_class

__all__ = ["Classroom", "Offers", "attach", "board", "offers", "open_class"]

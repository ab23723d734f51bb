"""The numbers that bands and levels stand on, in one place. Needs nothing but Python."""

from __future__ import annotations

from typing import Final

#: "Can do it": two tasks in three like these. At a level's cut its average item is answered right with this probability.
#: The usual choice for mapping items (Mitzel, Lewis, Patz, Green 2001, The bookmark procedure, in G. J. Cizek, Setting
#: performance standards). A convention, not a law: another one moves the cuts of a bank up or down, and panels do not make up
#: for it (Baldwin, Margolis, Clauser, Mee, Winward 2019, Educational Measurement: Issues and Practice). So it is stored
#: beside every cut.
RESPONSE_PROBABILITY: Final = 0.67

#: How probable a statement must be before it is made about a person. In simulation (benchmarks/bands.py, a form of 24 tasks, cuts
#: from a calibrated bank of 80) 0.8 names a band for 64 % of learners and is right in 93 % of those; 0.9 would name 45 % and be
#: right in 96 %; a band for everybody would be right in 83 %.
CERTAINTY: Final = 0.8

#: The same before something is taken away from a person, as when the entry gate closes. With 0.8, somebody who can do four tasks
#: in five would find it closed after three tasks in 10 % of cases; with 0.9 in 1 %.
CERTAINTY_AGAINST: Final = 0.9

#: Tasks of a kind before anything is said about one person: one or two may be a bad moment, or a lucky one.
LEAST_TASKS: Final = 3

#: Of the abilities in any two domains, before there are data to say (issue 4).
STATED_CORRELATION: Final = 0.8

#: The scale before any answer, which makes levels comparable until calibration takes over: a level is a logit, and the middle
#: between levels 2 and 3 is 0. These are assumptions, not findings; whatever stands on them is provisional.
TAG_STEP, TAG_CENTRE = 1.0, 2.5


def tag_difficulty(level: float) -> float:
    """Difficulty an item of this level is supposed to have before anybody answered it, logits on the scale of tags.

    The entry module, level 0, lies below level 1.
    """
    return TAG_STEP * (level - TAG_CENTRE)

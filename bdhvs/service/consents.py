"""What people agree to, purpose by purpose, in the very words they read.

A stored consent names purpose and version. A changed sentence gets a new version and the old one stays here, so that an
export can always say what somebody agreed to.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bdhvs.i18n import Gettext
from bdhvs.i18n import marked as _n
from bdhvs.store import Consent

#: The class keeps a name of the class list beside the results. A nickname needs no consent: it need not be anybody's.
KEEP_NAME = "keep_name"
KEEP_NAME_VERSION = "2026-11-22"
#: The same for somebody under 16, on behalf of whom a parent or guardian decides.
GUARDIAN = "guardian"
GUARDIAN_VERSION = "2026-11-22"
#: Three pictures to come back by: their hash is kept, and the name in class is offered to whoever has the class code.
COME_BACK = "come_back"
COME_BACK_VERSION = "2026-11-22"
#: A log of people helped, each confirmed without a name; it holds scrambled marks of the learner's own phones, too.
AMBASSADOR = "ambassador"
AMBASSADOR_VERSION = "2026-11-22"
#: Being in a household of the class, whose members see whether one of them can do what the programme names.
HOUSEHOLD = "household"
HOUSEHOLD_VERSION = "2026-11-22"
#: What somebody told of themselves is kept beside their answers, for research.
RESEARCH = "research"
RESEARCH_VERSION = "2026-11-22"
#: The same for somebody under 16, on behalf of whom a parent or guardian decides.
RESEARCH_GUARDIAN = "research_guardian"
RESEARCH_GUARDIAN_VERSION = "2026-11-22"
#: The version of the text that is shown today.
TEXTS_IN_USE: Mapping[str, str] = MappingProxyType({RESEARCH: RESEARCH_VERSION, RESEARCH_GUARDIAN: RESEARCH_GUARDIAN_VERSION})

#: (purpose, version) → the sentence beside the tick box.
TEXTS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        (KEEP_NAME, KEEP_NAME_VERSION): _n(
            "I agree that the class keeps my name beside my results, so that the teacher can follow and help me. I may change my mind at any time."
        ),
        (GUARDIAN, GUARDIAN_VERSION): _n(
            "My parent or guardian has agreed that the class keeps my name beside my results. They may change their mind at any time."
        ),
        (AMBASSADOR, AMBASSADOR_VERSION): _n(
            "I agree that the class keeps how many people confirmed that I helped them, with what and on which day, without names; "
            "and a scrambled mark of my phone, so that it cannot confirm for me. I may change my mind at any time."
        ),
        (HOUSEHOLD, HOUSEHOLD_VERSION): _n(
            "I agree that the class looks whether somebody in my household can do the five things, and that what I do counts for it. "
            "Those in my household see only yes or not yet, never who; in a small household one may guess. I may leave at any time."
        ),
        (COME_BACK, COME_BACK_VERSION): _n(
            "I agree that the class keeps my three pictures, scrambled, and shows my name in class to those who have the class code. I may change my mind at any time."
        ),
        (RESEARCH, RESEARCH_VERSION): _n(
            "I agree that the class keeps what I chose here beside my answers and gives both to research without my name, "
            "to find out whether lessons and questions are fair to everybody. "
            "I am 16 or older, or my parent or guardian agrees too. I may change my mind at any time."
        ),
        (RESEARCH_GUARDIAN, RESEARCH_GUARDIAN_VERSION): _n(
            "I am under 16, and my parent or guardian has agreed that the class keeps what I chose here. They may change their mind at any time."
        ),
    }
)

#: What a learner may take back, each with what then happens (`bdhvs.service.people`).
WITHDRAWABLE = frozenset({KEEP_NAME, GUARDIAN, COME_BACK, AMBASSADOR, HOUSEHOLD, RESEARCH, RESEARCH_GUARDIAN})
#: Agreed to or taken back by the person alone: that somebody agreed already says that they told something.
OWN = frozenset({RESEARCH, RESEARCH_GUARDIAN})


def sentence(consent: Consent, _: Gettext) -> str | None:
    """What was agreed to, in words; None for a purpose or version of a newer bdhvs."""
    text = TEXTS.get((consent.purpose, consent.text_version))
    return _(text) if text else None

"""Who is asking the class, as far as the room with the keys is told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Learner:
    """Who is asking: a pseudonym, the class, the language. No name comes this far."""

    id: str
    classroom_id: str
    lang: str = "vi"

"""What all item kinds share: the author's face, the shown face, a score.

One item has two faces of different types. The *item* (a subclass of `Item`) is what the author wrote,
key included; it never leaves the server. The *face* (a dataclass of the kind's own, inside a
`ShownItem`) is what a learner's browser gets: it has no field that could hold a key, and its options are
called by their place on the screen ("1", "2", …), so that an author's habit in naming ids tells nothing.

A kind answers the same few questions; each is a method of its item class:

=================  ====================================================================================
``arrange(rng)``   in which order things are shown (drawn once, from the attempt's stored seed)
``face(…)``        what is shown
``read(…)``        what the browser's raw answer means, in the author's ids; refuses what does not fit
``places(…)``      the reverse: the response as this learner's screen shows it
``score(…)``       what it is worth
``feedback(…)``    what is said about this answer
``in_words(…)``    the response as a person reads it, for the review
``solution(…)``    the right answer, for when the item is over
``flaws()``        what an assessor would object to, beyond the fields' types
=================  ====================================================================================
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

MAX_TYPED_CHARS = 500  # a typed answer is a few words; longer input is refused, not cut

#: ``noted``: of an answer that is not judged, because it shows no performance (`Item.is_performance`).
Verdict = Literal["right", "partly", "almost", "wrong", "noted"]
#: Ids in the order shown, one tuple per list of the item (matching has two lists).
Arrangement = tuple[tuple[str, ...], ...]
#: A response in the author's ids: plain JSON values only, so that it is stored as it is.
Response = Mapping[str, Any]


def _is_nfc(text: str) -> str:
    if not unicodedata.is_normalized("NFC", text):
        raise ValueError("text is not in Unicode NFC; save the file with composed letters (NFC)")
    return text


Nfc = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_is_nfc)]
ItemId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
LocalId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$", max_length=30)]

#: Shape of a competence's code; which codes there are, the framework says.
CompetenceCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,2}\.[0-9]{1,2}$")]


class Record(BaseModel):
    """Base of everything read from a file: frozen, and no unknown field passes."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Text(Record):
    """A text for people: Vietnamese always, English when `en` is there. Light Markdown, no HTML."""

    vi: Nfc
    en: Nfc | None = None

    def in_language(self, lang: str) -> str:
        """The text in `lang`, or in Vietnamese when it has not been translated."""
        return self.en if lang == "en" and self.en else self.vi


#: Turns a Text into what a screen shows (safe HTML in the chosen language); given by the caller.
Render = Callable[[Text], str]


class Option(Record):
    """One option of a choice item; `key` is true on a right one."""

    id: LocalId
    text: Text
    feedback: Text | None = None
    key: bool = False


class Part(Record):
    """A step or an answer: something shown with an id of its own."""

    id: LocalId
    text: Text


class OutcomeFeedback(Record):
    """What is said when there are no options to carry feedback."""

    right: Text
    partly: Text | None = None
    wrong: Text

    def for_verdict(self, verdict: Verdict) -> Text:
        if verdict == "right":
            return self.right
        if verdict == "partly" and self.partly is not None:
            return self.partly
        return self.wrong


class Picture(Record):
    """A picture of the item, in ``assessments/media/``, with what it shows in words."""

    file: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*\.(svg|png|jpg|webp)$")]
    alt: Text


class Source(Record):
    """Where a claimed fact comes from."""

    title: Nfc
    date: Nfc | None = None
    url: Nfc | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """What a response is worth: `points` of `maximum` whole steps (0 ≤ points ≤ maximum, maximum ≥ 1).

    With the verdict ``noted`` there are no points to be had; the 0 of 1 stands for nothing and is never added up or stored.
    """

    points: int
    maximum: int
    verdict: Verdict
    reason: str = ""  # code of the rule that decided, for authors and teachers

    @property
    def share(self) -> float:
        """Points as a share of the maximum, 0 to 1."""
        return self.points / self.maximum


def graded(points: int, maximum: int, reason: str = "") -> Score:
    """A score whose verdict follows from its points."""
    verdict: Verdict = "right" if points == maximum else "partly" if points > 0 else "wrong"
    return Score(points, maximum, verdict, reason)


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something an assessor would object to; `field` is the path in the file (names and positions)."""

    rule: str
    message: str
    field: tuple[str | int, ...] = ()
    severity: Literal["error", "warning"] = "error"


@dataclass(frozen=True, slots=True)
class ShownPart:
    """Something to tap, called by its place on the screen ("1", "2", …)."""

    id: str
    html: str


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture as the browser gets it."""

    file: str
    alt: str


@dataclass(frozen=True, slots=True)
class ShownItem:
    """All a browser may know of an item before its feedback is due."""

    id: str
    version: int
    kind: str
    stem: str
    body: Any  # the kind's face: a dataclass without a field for the key
    picture: ShownPicture | None
    has_hint: bool


class Item(Record):
    """What the author wrote: the marking face, key included. Never sent to a learner.

    ``level`` is 1–6, or 0 in the entry module (competences "0.1", "0.2"); levels 7–8 are portfolio work.
    """

    id: ItemId
    version: int = Field(ge=1)
    kind: str
    competence: CompetenceCode
    level: int = Field(ge=0, le=6)
    level_reason: Nfc
    skills: tuple[LocalId, ...]
    audiences: tuple[LocalId, ...] = Field(min_length=1)
    context: Literal[
        "home", "market", "farm", "school", "office", "factory", "clinic", "public_service", "community", "travel"
    ]
    author: Nfc
    licence: Nfc
    date: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    sources: tuple[Source, ...]
    stem: Text
    picture: Picture | None = None
    hint: Text | None = None
    explanation: Text | None = None

    #: Whether the learner does something on a simulated screen, instead of saying what to do; a kind of its own says so.
    is_simulator: ClassVar[bool] = False
    #: Whether a response shows what somebody does, and so counts as a task. Of a kind that asks what people think of
    #: themselves it is false: such an item has no key, no points, and no place in results, pools or calibrations.
    is_performance: ClassVar[bool] = True
    #: Whether hints follow what the learner has done so far (`hint_at`), instead of being one text.
    hints_follow: ClassVar[bool] = False

    @property
    def has_hint(self) -> bool:
        """Whether a learner can ask for a hint."""
        return self.hint is not None

    def pictures(self) -> Iterator[Picture]:
        """Every picture of ``assessments/media/`` that is shown with the item."""
        if self.picture is not None:
            yield self.picture

    @property
    def maximum(self) -> int:
        """Most points a response can get; a whole number ≥ 1."""
        return 1

    def arrange(self, rng: random.Random) -> Arrangement:
        """Order in which parts are shown; `rng` is seeded from the attempt and the item."""
        raise NotImplementedError

    def face(self, arrangement: Arrangement, render: Render) -> Any:
        """What is shown, without key; a dataclass of the kind."""
        raise NotImplementedError

    def read(self, raw: Any, arrangement: Arrangement) -> Response:
        """The browser's answer in the author's ids.

        Raises
        ------
        InvalidResponse
            when `raw` is not a complete answer to this item as it was shown.
        """
        raise NotImplementedError

    def places(self, response: Response, arrangement: Arrangement) -> Any:
        """The reverse of `read`: the response as this learner's screen shows it."""
        raise NotImplementedError

    def score(self, response: Response) -> Score:
        """What a response that `read` accepted is worth. Does not depend on the order shown."""
        raise NotImplementedError

    def feedback(self, response: Response) -> tuple[Text, ...]:
        """What is said about this response, without telling the key."""
        raise NotImplementedError

    def in_words(self, response: Response, render: Render) -> str:
        """The response as HTML, for the review."""
        raise NotImplementedError

    def solution(self, arrangement: Arrangement, render: Render) -> str:
        """The right answer as HTML, for when the item is over."""
        raise NotImplementedError

    def hint_at(self, raw: Any, arrangement: Arrangement, render: Render, *, deeper: bool) -> str:
        """Where `hints_follow`: HTML that helps at the place to which `raw` (a response so far) has led; raises as `read`."""
        raise NotImplementedError

    def look_ahead(self) -> None:
        """Do what takes long before anybody waits for it; safe in another thread, and nothing for most kinds."""

    def recorded_choices(self, response: Response) -> tuple[str, ...]:
        """Ids of what was chosen, for counting options; empty for typed answers."""
        return ()

    def flaws(self) -> Iterator[Flaw]:
        """What an assessor of this kind would object to."""
        return iter(())


def shuffled(ids: Sequence[str], rng: random.Random, last: Sequence[str] = ()) -> tuple[str, ...]:
    """`ids` in random order, those of `last` kept at the end in their own order."""
    front = [one for one in ids if one not in last]
    rng.shuffle(front)
    return (*front, *(one for one in ids if one in last))


def place_of(one: str, order: Sequence[str]) -> str:
    """The place on the screen of an author's id: "1" is the first."""
    return str(order.index(one) + 1)


def by_place(order: Sequence[str], parts: Mapping[str, Text], render: Render) -> tuple[ShownPart, ...]:
    """Parts in the order shown, called "1", "2", … by their place."""
    return tuple(ShownPart(str(place), render(parts[one])) for place, one in enumerate(order, start=1))


def bullets(lines: Sequence[str], tag: Literal["ul", "ol"] = "ul") -> str:
    """Lines of HTML as a list; a single line stays a line."""
    if len(lines) == 1:
        return lines[0]
    return f"<{tag}>" + "".join(f"<li>{line}</li>" for line in lines) + f"</{tag}>"


def repeated(ids: Sequence[str]) -> list[str]:
    """Ids that occur more than once, each named once."""
    return sorted({one for one in ids if ids.count(one) > 1})

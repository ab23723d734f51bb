"""Adaptive forms in a class: from an attempt's facts to the next item and the estimate.

What a choice rests on besides the answers is a *version* (`bdhvs.service.adaptive_versions`), which an attempt's rules name. So
version, seed and events give every choice and the estimate again, whatever becomes of bank and calibration (`replayed`); and
what was given is a fact of its own anyway.

How facts become evidence:

* an answer counts with its points; done **with help** (a hint, a helper) it counts as shown, not for ability: help shows
  level 1, and says nothing about what somebody does alone;
* a **skip** counts as a wrong answer. Learners are told to skip what they do not know yet, so a skip *is* that answer. Left out
  instead, whoever skips the hard ones and does the rest would look as able as somebody who does them all, and a test of skips
  alone would end where it began. In the data it stays a skip, one of the four silences;
* an item that the teacher took out counts as shown without evidence, and is not given any more.

numpy is imported when the first adaptive form is opened, not before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

from bdhvs.core.attempt import Attempt, replay
from bdhvs.core.attempt_events import ItemRef
from bdhvs.errors import NotFound, StoreError
from bdhvs.service.adaptive_versions import engine_of
from bdhvs.store import AdaptiveVersionRow, AttemptRow, EventRow, Store, events_of

if TYPE_CHECKING:
    from bdhvs.measurement.adaptive.form import AdaptiveForm
    from bdhvs.measurement.adaptive.session import Answer, State

#: Items that do not count in the class: `bdhvs.core.decisions.Decisions.out`.
Out = Collection[ItemRef]


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the answers say so far. Nothing of it goes to a learner's browser.

    Attributes
    ----------
    mean, sd : ability and its standard error, logits.
    bands : probability of each band, the lowest first; one number without cuts.
    counted : answers it rests on, those without help.
    ended : why no item follows (`bdhvs.measurement.adaptive.stopping.REASONS`); None while one does.
    """

    mean: float
    sd: float
    bands: tuple[float, ...]
    counted: int
    ended: str | None


@dataclass(frozen=True, eq=False)
class Chooser:
    """Chooses for the attempts of one version; pure, and shared by all learners."""

    digest: str
    items: tuple[ItemRef, ...]
    form: AdaptiveForm

    def first(self, seed: int, out: Out) -> ItemRef | None:
        """The item an attempt begins with; None when the teacher took all of them out."""
        return self._choice(self._without(self._begin(seed), out))

    def next(self, state: State, out: Out) -> ItemRef | None:
        """The item that follows in this state; None when the test is over."""
        return self._choice(self._without(state, out))

    def estimate(self, attempt: Attempt, seed: int, out: Out) -> Estimate:
        """Ability from everything the attempt holds."""
        from bdhvs.measurement.adaptive.session import next_item
        from bdhvs.measurement.adaptive.stopping import Ending

        state = self.state(attempt, seed, out)
        step = next_item(self._without(state, out))
        ended = step.reason if isinstance(step, Ending) else None
        return Estimate(state.mean, state.sd, tuple(state.bands.tolist()), state.counted, ended)

    def state(self, attempt: Attempt, seed: int, out: Out, known: State | None = None) -> State:
        """Where the engine stands after the answers and skips of an attempt, in the order given.

        `known` is an earlier state of the same attempt. It saves work where it is one still (nothing was taken out since, no
        answer failed to be kept), and is passed over where it is not.
        """
        from bdhvs.measurement.adaptive.session import record

        answers = tuple(self._answers(attempt, out))
        begun = known is not None and known.form is self.form and known.seed == seed
        state = known if begun and known is not None and known.answers == answers[: len(known.answers)] else self._begin(seed)
        for answer in answers[len(state.answers) :]:
            state = record(state, answer)
        return state

    def _begin(self, seed: int) -> State:
        from bdhvs.measurement.adaptive.session import begin

        return begin(self.form, seed)

    def _answers(self, attempt: Attempt, out: Out) -> Iterator[Answer]:
        from bdhvs.measurement.adaptive.session import Answer

        for ref in attempt.items:
            state = attempt.state(ref.id)
            if state.status == "new":  # on the screen, or cut off by the end
                continue
            if ref in out:
                yield Answer(ref.id, None)
            elif state.score is None:
                yield Answer(ref.id, 0)
            else:
                yield Answer(ref.id, self._points(ref.id, state.score.points, state.score.maximum), state.help != "none")

    def _points(self, item: str, points: int, maximum: int) -> int:
        top = int(self.form.pool.items.cells.maximum[self.form.pool.index[item]])
        return points if top == maximum else int(points == maximum)

    def _without(self, state: State, out: Out) -> State:
        """`state` without the items that the teacher took out among those that may come."""
        index = self.form.pool.index
        places = [index[ref.id] for ref in out if ref.id in index and self.items[index[ref.id]] == ref]
        if not places:
            return state
        free = state.free.copy()
        free[places] = False
        return replace(state, free=free)

    def _choice(self, state: State) -> ItemRef | None:
        from bdhvs.measurement.adaptive.choice import Choice
        from bdhvs.measurement.adaptive.session import next_item

        step = next_item(state)
        return self.items[self.form.pool.index[step.item]] if isinstance(step, Choice) else None


def chooser_of(row: AdaptiveVersionRow) -> Chooser:
    """The chooser of a version; raises as `bdhvs.service.adaptive_versions.engine_of` does."""
    refs = tuple(ItemRef(one["id"], one["version"]) for one in row.details["items"])
    return Chooser(row.digest, refs, engine_of(row))


class Choosers:
    """Finds the chooser of a version, making each once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._made: dict[str, Chooser] = {}
        self._making = Lock()

    def of(self, version: str | AdaptiveVersionRow) -> Chooser:
        """The chooser of a version, by the row or its digest. May read the disk and take a second: call it in a thread.

        Raises
        ------
        MissingExtra
            when numpy is not installed.
        StoreError
            when the store has no such version, or it was written by a newer bdhvs.
        ValueError
            when these rules cannot be kept with this pool.
        """
        digest = version if isinstance(version, str) else version.digest
        with self._making:
            if digest not in self._made:
                row = self._store.adaptive_version(digest) if isinstance(version, str) else version
                if row is None:
                    raise StoreError(f"adaptive version {digest} is not in the store; merge adaptive_version rows before attempts")
                self._made[digest] = chooser_of(row)
            return self._made[digest]

    def made(self, digest: str) -> Chooser | None:
        """The chooser of a version if it was made already; asks no disk."""
        return self._made.get(digest)


def replayed(store: Store, row: AttemptRow, events: Sequence[EventRow], out: Out = ()) -> Estimate:
    """The estimate of a stored attempt, from its events and what it was chosen by; the same on every machine.

    Raises
    ------
    NotFound
        when the attempt is not of an adaptive form.
    MissingExtra, StoreError
        as `Choosers.of`.
    """
    if row.rules.adaptive is None:
        raise NotFound(f"attempt {row.id} is of a fixed form")
    version = store.adaptive_version(row.rules.adaptive)
    if version is None:
        raise StoreError(f"attempt {row.id}: adaptive version {row.rules.adaptive} is not in the store; merge such rows first")
    return chooser_of(version).estimate(replay(events_of(row, events)), row.seed, out)

"""Adaptive forms in a class: the one place where the service meets `bdhvs.measurement.adaptive`.

A *version* is all that a choice rests on besides the answers: the pool with its parameters, the rules, the calibration. It
is kept in the store under its digest, and an attempt's rules name it. So version, seed and events give every choice and the
estimate again, whatever becomes of bank and calibration (`replayed`); and what was given is a fact of its own anyway.

How facts become evidence:

* an answer counts with its points; done **with help** (a hint, a helper) it counts as shown, not for ability: help shows
  level 1, and says nothing about what somebody does alone;
* a **skip** counts as a wrong answer. Learners are told to skip what they do not know yet, so a skip *is* that answer. Left out
  instead, whoever skips the hard ones and does the rest would look as able as somebody who does them all, and a test of skips
  alone would end where it began. In the data it stays a skip, one of the four silences;
* an item that the teacher took out counts as shown without evidence, and is not given any more.

**Before an item is calibrated** its difficulty is what its author said (`bdhvs.measurement.thresholds.tag_difficulty`: a
logit a level), slope 1, and it is done or not done, for nothing is known of what a half is worth.

numpy is imported when the first adaptive form is opened, not before; without it such forms are not offered.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING, Any

from bdhvs.bank.calibration import Calibration, calibration_in_use
from bdhvs.bank.digests import digest_of_all
from bdhvs.bank.loader import Bank
from bdhvs.core.adaptive import Adaptive, domain_of
from bdhvs.core.attempt import Attempt, replay
from bdhvs.core.attempt_events import ItemRef
from bdhvs.core.forms import Form
from bdhvs.core.items.base import Item
from bdhvs.errors import MissingExtra, NotFound, StoreError
from bdhvs.measurement.thresholds import tag_difficulty
from bdhvs.store import AdaptiveVersionRow, AttemptRow, EventRow, Store, events_of
from bdhvs.store.codec import json_text, value_of

if TYPE_CHECKING:
    from bdhvs.measurement.adaptive.form import AdaptiveForm
    from bdhvs.measurement.adaptive.session import Answer, State

NEEDED = ("numpy", "scipy")
FORMAT = 1  # of what is kept in the store
#: Items that do not count in the class: `bdhvs.core.decisions.Decisions.out`.
Out = Collection[ItemRef]


def missing_for_adaptive() -> tuple[str, ...]:
    """Packages that adaptive forms need and this machine lacks; looks without importing them."""
    return tuple(name for name in NEEDED if find_spec(name) is None)


def how_to_get_adaptive() -> str:
    """The command that brings what adaptive forms need; ``make serve`` has one of its own."""
    return os.environ.get("BDHVS_MEASUREMENT_COMMAND") or 'pip install "bdhvs[measurement]"'


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
                self._made[digest] = _chooser(row)
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
    return _chooser(version).estimate(replay(events_of(row, events)), row.seed, out)


def unfit(form: Form, bank: Bank) -> str | None:
    """Why the bank cannot serve an adaptive form; None when it can, or when numpy is not there to tell."""
    if form.adaptive is None or missing_for_adaptive():
        return None
    try:
        _chooser(version_of(form, bank))
    except ValueError as error:
        return str(error)
    return None


# ── versions ────────────────────────────────────────────────────────────────────────────────────────


def version_of(form: Form, bank: Bank) -> AdaptiveVersionRow:
    """What a form chooses by today: pool with parameters, rules, newest calibration, as plain values in the order of ids.

    Raises
    ------
    NotFound
        for a fixed list.
    BankError
        when a calibration cannot be read.
    """
    rules = form.adaptive
    if rules is None:
        raise NotFound(f"form {form.id} is a fixed list")
    calibration = calibration_in_use(bank.content, bank.items)
    pool = _pool(rules, bank, calibration)
    ids = {item.id for item in pool}
    enemies = [sorted(ids & set(group)) for group in rules.enemies]
    details = {
        "format": FORMAT,
        "form": {"id": form.id, "version": form.version},
        "calibration": calibration.version if calibration else None,
        "rules": rules.model_dump(mode="json", exclude={"pool", "enemies", "seed"}),
        "items": [_item_details(item, calibration) for item in pool],
        "enemies": [group for group in enemies if len(group) > 1],
    }
    return AdaptiveVersionRow(digest_of_all([json_text(details)]), value_of(json_text(details)))


def _pool(rules: Adaptive, bank: Bank, calibration: Calibration | None) -> list[Item]:
    pool = rules.pool_of(bank.items[one] for one in sorted(bank.items))
    if rules.pool.calibrated:
        pool = tuple(item for item in pool if calibration is not None and calibration.of(item) is not None)
    return list(pool)


def _item_details(item: Item, calibration: Calibration | None) -> dict[str, Any]:
    """One item of a version; ``prior`` true: its parameters are the author's level."""
    estimate = calibration.of(item) if calibration else None
    slope, intercepts = (estimate.slope, list(estimate.intercepts)) if estimate else (1.0, [-tag_difficulty(item.level)])
    return {
        "id": item.id,
        "version": item.version,
        "domain": domain_of(item.competence),
        "level": item.level,
        "simulator": item.is_simulator,
        "slope": slope,
        "intercepts": intercepts,
        "family": calibration.family if estimate and calibration else "partial_credit",
        "prior": estimate is None,
    }


def _chooser(row: AdaptiveVersionRow) -> Chooser:
    missing = missing_for_adaptive()
    if missing:
        raise MissingExtra(", ".join(missing), "measurement")
    if row.details.get("format") != FORMAT:
        raise StoreError(
            f"adaptive version {row.digest}: found format {row.details.get('format')}, expected {FORMAT}; open it with a newer bdhvs"
        )
    from bdhvs.measurement.adaptive.form import AdaptiveForm
    from bdhvs.measurement.adaptive.pool import Pool

    items = row.details["items"]
    if not items:
        raise ValueError("found a pool without items, expected at least one; ask for more competences, levels or audiences")
    pool = Pool(
        _parameters(items),
        domains=tuple(one["domain"] for one in items),
        enemies=tuple(frozenset(group) for group in row.details["enemies"]),
        simulators=tuple(one["simulator"] for one in items),
        levels=tuple(one["level"] for one in items),
    )
    refs = tuple(ItemRef(one["id"], one["version"]) for one in items)
    return Chooser(row.digest, refs, AdaptiveForm(_rules(row.details["rules"]), pool))


def _parameters(items: Sequence[Mapping[str, Any]]) -> Any:
    from bdhvs.measurement.calibrated import CalibratedItems

    families = {one["family"] for one in items if len(one["intercepts"]) > 1}  # of scores 0 and 1 both families say the same
    if len(families) > 1:
        raise ValueError(f"found items of the families {', '.join(sorted(families))}, expected one; calibrate them together")
    rows = [(one["slope"], *one["intercepts"]) for one in items]
    return CalibratedItems.of_rows([one["id"] for one in items], rows, families.pop() if families else "partial_credit")


def _rules(written: Mapping[str, Any]) -> Any:
    """The engine's rules; domains of the pool without a share do not occur, `Adaptive.pool_of` left them out."""
    from bdhvs.measurement.adaptive.rules import Rules

    kind, prior, simulators = written["kind_start"], written["prior"], written["simulators"]
    return Rules(
        minimum=written["minimum"],
        maximum=written["maximum"],
        domain_shares=written["shares"],
        simulators_required=simulators["at_least"],
        simulators_at_most=simulators["at_most"],
        exposure_cap=written["exposure"],
        cuts=tuple(written["cuts"]),
        certainty=written["certainty"],
        first_success=kind["first"],
        later_success=kind["later"],
        kind_items=kind["items"],
        prior_mean=prior["mean"],
        prior_sd=prior["sd"],
    )

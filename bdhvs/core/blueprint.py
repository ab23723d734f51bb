"""What a form that is drawn has to hold: how many items of each domain and level, in how much time, from which pool.

A blueprint is data beside the forms; drawing fills the list of items of the forms it names, and ``bdhvs check`` holds the
lists against it ever after. Here stands what an author writes and what it asks for, as counts that a form keeps or does not;
finding items that keep all of them at once is `bdhvs.measurement.assembly`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Annotated, ClassVar, Literal, Protocol

from pydantic import Field, StringConstraints, model_validator

from bdhvs.core.adaptive import (
    SHARES_ADD_UP_WITHIN,
    Choosable,
    DomainCode,
    PoolRule,
    Prior,
    Share,
    SimulatorRule,
    domain_of,
)
from bdhvs.core.items.base import ItemId, LocalId, Nfc, Record

LevelCode = Annotated[str, StringConstraints(pattern=r"^[0-6]$")]
ROUNDING = 1e-9

#: Where an item stands among others that may take its place in a parallel form: domain, level, kind.
Cell = tuple[str, int, str]


class Drawable(Choosable, Protocol):
    """What a draw looks at in an item."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...

    is_simulator: ClassVar[bool]


@dataclass(frozen=True, slots=True)
class Quota:
    """Of the items that `takes` holds for, a form has `least` to `most`. ``name`` is for people: 'domain "6"'."""

    name: str
    takes: Callable[[Drawable], bool]
    least: int
    most: int

    def count(self, items: Iterable[Drawable]) -> int:
        """How many of the items it is about."""
        return sum(self.takes(item) for item in items)

    def is_kept(self, items: Iterable[Drawable]) -> bool:
        """Whether a form of these items keeps it."""
        return self.least <= self.count(items) <= self.most


class Blueprint(Record):
    """What the forms named in ``forms`` hold. Several are parallel: cell by cell as many items, and no item in two of them.

    ``shares``: domain → share of the items, together 1; left out: no balance. ``levels``: the same for levels. A share is kept
    within one item. ``kinds_at_most``: kind → items of it at most; a kind left out is not limited. ``each_competence``: how many
    items there are of every competence of the pool. ``within``: only items of these
    forms. ``without``: no item of these forms; "unit_practice" stands for all practice inside lessons, "unit_checks" for all
    checks there, "explained" for every other form that tells its solutions. ``minutes``: the time in which somebody
    gets through who reads ``pace`` syllables a minute. ``prior``: ability (logits) of those who come; what the form is worth
    to them is told by it. ``seed``: gives the same draw from the same bank.
    """

    id: ItemId
    version: int = Field(ge=1)
    forms: Annotated[tuple[ItemId, ...], Field(min_length=1, max_length=4)]
    items: Annotated[int, Field(ge=1, le=100)]
    pool: PoolRule = PoolRule()
    within: tuple[ItemId, ...] = ()
    without: tuple[ItemId | Literal["unit_practice", "unit_checks", "explained"], ...] = ()
    shares: Mapping[DomainCode, Share] = Field(default_factory=dict)
    levels: Mapping[LevelCode, Share] = Field(default_factory=dict)
    kinds_at_most: Mapping[LocalId, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
    each_competence: SimulatorRule = SimulatorRule()
    simulators: SimulatorRule = SimulatorRule()
    minutes: Annotated[int, Field(ge=1, le=180)]
    pace: Annotated[int, Field(ge=20, le=400)] = 120
    prior: Prior = Prior()
    seed: Annotated[int, Field(ge=0)]
    author: Nfc
    licence: Nfc
    date: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]

    @model_validator(mode="after")
    def _fits_together(self) -> Blueprint:
        wrong = list(self._objections())
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    def _objections(self) -> Iterator[str]:
        named: tuple[tuple[str, Mapping[str, float]], ...] = (("shares", self.shares), ("levels", self.levels))
        for name, shares in named:
            if shares and abs(sum(shares.values()) - 1) > SHARES_ADD_UP_WITHIN:
                yield f"found {name} that add up to {sum(shares.values()):.6g}, expected 1; correct them"
        if len(set(self.forms)) != len(self.forms):
            yield "found a form named twice, expected each once"
        for name, rule in (("simulators", self.simulators), ("items of each competence", self.each_competence)):
            if rule.at_most is not None and rule.at_most < rule.at_least:
                yield f"found at most {rule.at_most} {name} where at least {rule.at_least} are asked for; correct one of them"
            if rule.at_least > self.items:
                yield f"found at least {rule.at_least} {name} in a form of {self.items} items; correct one of them"

    def takes(self, item: Drawable, apart: Mapping[str, frozenset[str]]) -> bool:
        """Whether the item may be drawn. `apart`: the items of each form named in ``within`` and ``without``, by its name."""
        return (
            self.pool.takes(item)
            and (not self.shares or domain_of(item.competence) in self.shares)
            and (not self.levels or str(item.level) in self.levels)
            and (not self.within or any(item.id in apart[one] for one in self.within))
            and not any(item.id in apart[one] for one in self.without)
        )

    def quotas(self, competences: Iterable[str]) -> tuple[Quota, ...]:
        """All that is counted in each form. `competences`: codes of all there are."""
        return tuple(self._quotas(competences))

    def _quotas(self, competences: Iterable[str]) -> Iterator[Quota]:
        yield Quota("the whole form", lambda item: True, self.items, self.items)
        for code, share in self.shares.items():
            yield Quota(f'domain "{code}"', _in_domain(code), *self._around(share))
        for level, share in self.levels.items():
            yield Quota(f"level {level}", _at_level(int(level)), *self._around(share))
        yield Quota("simulators", lambda item: item.is_simulator, *self._from(self.simulators))
        for kind, most in self.kinds_at_most.items():
            yield Quota(kind, _of_kind(kind), 0, most)
        if self.each_competence != SimulatorRule():
            for code in competences:
                if self._asks_for(code):
                    yield Quota(f'competence "{code}"', _of_competence(code), *self._from(self.each_competence))

    def _from(self, rule: SimulatorRule) -> tuple[int, int]:
        return rule.at_least, self.items if rule.at_most is None else rule.at_most

    def _around(self, share: float) -> tuple[int, int]:
        exact = share * self.items
        return floor(exact + ROUNDING), ceil(exact - ROUNDING)

    def _asks_for(self, competence: str) -> bool:
        domain, pool = domain_of(competence), self.pool.competences
        return (not self.shares or domain in self.shares) and (not pool or domain in pool or competence in pool)


def cell_of(item: Drawable) -> Cell:
    """The item's cell."""
    return domain_of(item.competence), item.level, item.kind


def enemies_in(items: Sequence[str], enemies: Iterable[frozenset[str]]) -> list[tuple[str, ...]]:
    """The sets of items, of those that may not be together, of which two or more are among `items`; sorted."""
    found = (sorted(group & set(items)) for group in enemies)
    return sorted(tuple(group) for group in found if len(group) > 1)


def _in_domain(code: str) -> Callable[[Drawable], bool]:
    return lambda item: domain_of(item.competence) == code


def _at_level(level: int) -> Callable[[Drawable], bool]:
    return lambda item: item.level == level


def _of_kind(kind: str) -> Callable[[Drawable], bool]:
    return lambda item: item.kind == kind


def _of_competence(code: str) -> Callable[[Drawable], bool]:
    return lambda item: item.competence == code

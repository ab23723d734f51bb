"""What a form says when its items are chosen one by one: from which pool, how many, by which rules.

Plain data; the choice itself is made by `bdhvs.measurement.adaptive`, whose `Rules` say what each number does. Here stands
what an author writes, and which items of a bank belong to the pool.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Annotated, ClassVar, Literal, Protocol, TypeVar

from pydantic import Field, StringConstraints, model_validator

from bdhvs.core.items.base import ItemId, LocalId, Record

Share = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
Logits = Annotated[float, Field(ge=-5, le=5, allow_inf_nan=False)]
DomainCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,2}$")]
PlaceCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,2}(\.[0-9]{1,2})?$")]
SEED_BITS = 48
SHARES_ADD_UP_WITHIN = 1e-6


class Choosable(Protocol):
    """What decides whether an item belongs to a pool; an item of the bank, or one that is only imagined."""

    @property
    def competence(self) -> str: ...
    @property
    def level(self) -> int: ...
    @property
    def audiences(self) -> tuple[str, ...]: ...

    is_performance: ClassVar[bool]


AnyItem = TypeVar("AnyItem", bound=Choosable)


class PoolRule(Record):
    """Which items of the bank may be chosen; what is left out does not limit.

    ``competences``: codes of competences ("4.2") or of whole domains ("4"). ``audiences``: an item for one of them is in.
    ``calibrated``: only items whose difficulty was estimated from answers.
    """

    competences: tuple[PlaceCode, ...] = ()
    levels: tuple[Annotated[int, Field(ge=0, le=6)], ...] = ()
    audiences: tuple[LocalId, ...] = ()
    calibrated: bool = False

    def takes(self, item: Choosable) -> bool:
        """Whether the item is in the pool, calibration apart. What shows no performance never is."""
        codes = (item.competence, domain_of(item.competence))
        return (
            item.is_performance
            and (not self.competences or any(code in self.competences for code in codes))
            and (not self.levels or item.level in self.levels)
            and (not self.audiences or any(one in self.audiences for one in item.audiences))
        )


class SimulatorRule(Record):
    """How many items in which something is done, not chosen (a simulated screen), a learner gets."""

    at_least: Annotated[int, Field(ge=0)] = 0
    at_most: Annotated[int, Field(ge=0)] | None = None


class KindStart(Record):
    """Expected share of points of the first item, and of those after the first ``items``.

    ``warm_up``: domains without a share. Their items come at the start only, to learners for whom all others would be too hard.
    """

    first: Annotated[float, Field(ge=0, le=1)] = 0.8
    later: Annotated[float, Field(ge=0, le=1)] = 0.5
    items: Annotated[int, Field(ge=0, le=50)] = 8
    warm_up: tuple[DomainCode, ...] = ()


class Prior(Record):
    """Normal distribution of ability (logits) among those who come, before the first answer."""

    mean: Logits = 0.0
    sd: Annotated[float, Field(ge=0.2, le=3, allow_inf_nan=False)] = 1.0


class Adaptive(Record):
    """The rules of an adaptive form.

    ``cuts``: abilities in logits that part the bands, rising; the test ends at ``minimum`` items or later as soon as the band
    has the probability ``certainty``, at the latest after ``maximum``. Without cuts it always has ``maximum`` items.
    ``shares``: domain → share of the items, together 1; left out: no balance. ``exposure``: the largest share of learners who
    may meet an item. ``enemies``: sets of items of which a learner meets one at most. ``seed``: ``attempt`` draws anew for
    each attempt, ``learner`` gives a person the same part of the pool each time.
    """

    minimum: Annotated[int, Field(ge=1, le=200)] = 8
    maximum: Annotated[int, Field(ge=1, le=200)] = 16
    pool: PoolRule = PoolRule()
    shares: Mapping[DomainCode, Share] = Field(default_factory=dict)
    cuts: tuple[Logits, ...] = ()
    certainty: Annotated[float, Field(gt=0.5, le=1)] = 0.9
    exposure: Share = 0.25
    enemies: tuple[Annotated[tuple[ItemId, ...], Field(min_length=2)], ...] = ()
    simulators: SimulatorRule = SimulatorRule()
    kind_start: KindStart = KindStart()
    prior: Prior = Prior()
    seed: Literal["attempt", "learner"] = "attempt"

    @model_validator(mode="after")
    def _fits_together(self) -> Adaptive:
        wrong = list(self._objections())
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    def _objections(self) -> Iterator[str]:
        if self.minimum > self.maximum:
            yield f"found minimum {self.minimum} above maximum {self.maximum}; give the minimum at most the maximum"
        if self.shares and abs(sum(self.shares.values()) - 1) > SHARES_ADD_UP_WITHIN:
            yield f"found shares that add up to {sum(self.shares.values()):.6g}, expected 1; correct them"
        if any(high <= low for low, high in zip(self.cuts, self.cuts[1:], strict=False)):
            yield f"found cuts {list(self.cuts)}, expected each above the one before; put them in order"
        if self.kind_start.later > self.kind_start.first:
            yield f"found a kind start from {self.kind_start.first} to {self.kind_start.later}, expected it not to rise"
        if self.kind_start.warm_up and (not self.shares or set(self.kind_start.warm_up) & set(self.shares)):
            yield (
                f"found the domains {', '.join(self.kind_start.warm_up)} to warm up with, expected domains without a share "
                "beside domains with one; take them out of the shares"
            )
        least, most = self.simulators.at_least, self.simulators.at_most
        if most is not None and most < least:
            yield f"found at most {most} simulators where at least {least} are asked for; correct one of them"
        if least > self.minimum:
            yield f"found at least {least} simulators in a test that may end after {self.minimum} items; raise the minimum"

    def pool_of(self, items: Iterable[AnyItem]) -> tuple[AnyItem, ...]:
        """The items that may be chosen, in the order given; a domain that has no share and is not for warming up is left out."""
        domains = {*self.shares, *self.kind_start.warm_up}
        return tuple(item for item in items if self.pool.takes(item) and (not domains or domain_of(item.competence) in domains))

    def seed_of(self, learner_id: str, form_id: str, drawn: int) -> int:
        """The attempt's seed, from 0 up to 2⁴⁸; `drawn` is a fresh random number of that range."""
        if self.seed == "attempt":
            return drawn
        return int.from_bytes(sha256(f"{learner_id}:{form_id}".encode()).digest()[: SEED_BITS // 8], "big")


def domain_of(competence: str) -> str:
    """Code of the domain: "4" of "4.2", "0" in the entry module."""
    return competence.partition(".")[0]

"""The people of one invented commune: who lives there, who comes, to which class, and what they tell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bdhvs.programme.recipe import Recipe

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

MISSING = -1


@dataclass(frozen=True)
class Commune:
    """One unit of the province, before anybody is drawn. ``first_learner`` and ``first_class``: numbers from which its own count."""

    place: int
    code: str
    name: str
    urban: bool
    adults: int
    learners: int
    first_learner: int
    first_class: int


@dataclass(frozen=True)
class Adults:
    """Everybody of a commune; arrays over people.

    ``age``, ``audience``: places in the recipe's lists. ``ability``: people × domains, logits, before any course.
    """

    age: Whole
    woman: Flags
    audience: Whole
    ability: Floats


@dataclass(frozen=True)
class Learners:
    """Those of them who came, sorted by class; arrays over learners.

    Attributes
    ----------
    adult : which of the adults.
    classroom : place of the class within the commune.
    ability : learners × domains, logits, at the first test; the class's own part is in it.
    gain : logits the course adds.
    slowness : what is added to the logarithm of every time.
    guesses : share of answers that are rapid guesses.
    told_age, told_sex, told_audience : places in the recipe's lists, −1 where nothing was told.
    device : place in `DEVICES`, −1 unknown.
    class_week : classes: week in which each begins.
    region_told : classes: False where the teacher did not say.
    """

    adult: Whole
    classroom: Whole
    ability: Floats
    gain: Floats
    slowness: Floats
    guesses: Floats
    told_age: Whole
    told_sex: Whole
    told_audience: Whole
    device: Whole
    class_week: Whole
    region_told: Flags


DEVICES = ("phone", "tablet", "computer")
SEXES = ("female", "male")


def ages_of(recipe: Recipe) -> tuple[str, ...]:
    return tuple(recipe.people.ages)


def audiences_of(recipe: Recipe) -> tuple[str, ...]:
    return tuple(sorted({name for table in recipe.people.audiences.values() for name in table}))


def plan_communes(recipe: Recipe, communes: int, adults: int, measured: float, seed: int) -> list[Commune]:
    """The communes with their sizes and how many of each come: sums are `adults` and about `measured` of them.

    Raises
    ------
    ValueError
        when there are fewer adults than one small class per commune.
    """
    least = recipe.classes.smallest
    if adults * measured < communes * least:
        raise ValueError(
            f"{adults} adults of whom {measured:.0%} come are too few for {communes} communes, expected at least {least} "
            f"learners each: {communes * least}"
        )
    rng = np.random.default_rng([seed, 0])
    place = recipe.place
    urban = np.zeros(communes, dtype=np.bool_)
    urban[: round(place.wards * communes)] = True
    rng.shuffle(urban)
    size = np.exp(rng.normal(0, place.size_spread, communes)) * np.where(urban, place.ward_size, 1.0)
    people = _whole_parts(size / size.sum() * (adults - communes * least), adults - communes * least) + least
    logit = np.log(measured / (1 - measured)) + rng.normal(0, recipe.coming.spread, communes) if measured < 1 else None
    share = 1 / (1 + np.exp(-logit)) if logit is not None else np.ones(communes)
    come = np.clip(np.round(people * share), np.minimum(least, people), people).astype(np.int64)
    names = _names(communes, rng)
    first = np.concatenate([[0], np.cumsum(come)[:-1]])
    classes = np.concatenate([[0], np.cumsum(come // recipe.classes.smallest + 1)[:-1]])
    return [
        Commune(
            place=at,
            code=str(place.first_commune + at),
            name=f"{'Phường' if urban[at] else 'Xã'} {names[at]} (giả lập)",
            urban=bool(urban[at]),
            adults=int(people[at]),
            learners=int(come[at]),
            first_learner=int(first[at]) + 1,
            first_class=int(classes[at]) + 1,
        )
        for at in range(communes)
    ]


def _whole_parts(shares: Floats, total: int) -> Whole:
    """Whole numbers near `shares` that sum to `total`: what is left goes to the largest remainders."""
    whole = np.floor(shares).astype(np.int64)
    left = total - int(whole.sum())
    whole[np.argsort(-(shares - whole), kind="stable")[:left]] += 1
    return whole


_FIRST = ("Mây", "Sương", "Nắng", "Gió", "Trăng", "Sao", "Suối", "Đồi", "Lá", "Hoa", "Chuồn", "Diều", "Sáo", "Mưa")
_SECOND = ("Hồng", "Biếc", "Vàng", "Tím", "Trong", "Xanh", "Ngàn", "Thơm", "Êm", "Lành", "Sớm", "Chiều", "Bạc")


def _names(count: int, rng: np.random.Generator) -> list[str]:
    """Invented names, each once; past the 182 of them, numbered."""
    every = [f"{first} {second}" for first in _FIRST for second in _SECOND]
    rng.shuffle(every)
    return [every[at % len(every)] + (f" {at // len(every) + 1}" if at >= len(every) else "") for at in range(count)]


def draw_adults(recipe: Recipe, commune: Commune, rng: np.random.Generator) -> Adults:
    """Everybody who lives in the commune."""
    people, ability, n = recipe.people, recipe.ability, commune.adults
    ages = ages_of(recipe)
    shares = np.array([people.ages[one] for one in ages])
    if not commune.urban:
        shares = shares * np.array([people.rural_ageing if one in ("60_74", "75_up") else 1.0 for one in ages])
    age = rng.choice(len(ages), n, p=shares / shares.sum())
    woman = rng.random(n) < np.array([people.women[one] for one in ages])[age]
    audience = _by_age(age, [people.audiences[one] for one in ages], audiences_of(recipe), rng)
    domains = sorted(ability.domains)
    common = rng.normal(0, 1, (n, 1))
    own = rng.normal(0, 1, (n, len(domains)))
    correlated = np.sqrt(ability.correlation) * common + np.sqrt(1 - ability.correlation) * own
    level = (
        ability.mean
        + np.array([ability.age[one] for one in ages])[age]
        + np.array([ability.groups.get(one, 0.0) for one in audiences_of(recipe)])[audience]
        + (0.0 if commune.urban else ability.rural)
        + rng.normal(0, ability.commune_sd)
    )
    return Adults(
        age=age,
        woman=woman,
        audience=audience,
        ability=level[:, None] + np.array([ability.domains[one] for one in domains]) + ability.person_sd * correlated,
    )


def _by_age(age: Whole, tables: list[dict[str, float]], names: tuple[str, ...], rng: np.random.Generator) -> Whole:
    """One of `names` for each person, by the table of their age."""
    cumulative = np.cumsum([[table.get(name, 0.0) for name in names] for table in tables], axis=1)
    found: Whole = np.minimum((rng.random(age.size)[:, None] > cumulative[age]).sum(axis=1), len(names) - 1)
    return found


def draw_learners(recipe: Recipe, commune: Commune, adults: Adults, rng: np.random.Generator) -> Learners:
    """Who comes, in classes of people alike."""
    who = _who_comes(recipe, commune, adults, rng)
    n = len(who)
    who = who[np.argsort(_registration(recipe, adults, who, rng), kind="stable")]
    classroom = _in_classes(recipe, n, rng)
    classes = int(classroom[-1]) + 1
    people, answers, ability = recipe.people, recipe.answers, recipe.ability
    ages = ages_of(recipe)
    silent = rng.random(n) < people.untold
    mean = adults.ability[who].mean(axis=1) - ability.mean
    return Learners(
        adult=who,
        classroom=classroom,
        ability=adults.ability[who] + rng.normal(0, ability.class_sd, classes)[classroom][:, None],
        gain=rng.normal(ability.growth, ability.growth_sd, n),
        slowness=rng.normal(0, answers.person_time_sd, n) + answers.time_by_ability * mean,
        guesses=np.where(rng.random(n) < answers.guessers, answers.guesses_of_guessers, answers.guesses_of_others),
        told_age=_told(adults.age[who], silent, people.untold_each, rng),
        told_sex=_told(np.where(adults.woman[who], 0, 1), silent, people.untold_each, rng),
        told_audience=_told(adults.audience[who], silent, people.untold_each, rng),
        device=np.where(
            rng.random(n) < people.device_unknown,
            MISSING,
            _by_age(adults.age[who], [people.devices[one] for one in ages], DEVICES, rng),
        ),
        class_week=_weeks(recipe, classes, rng),
        region_told=rng.random(classes) >= people.region_unsaid,
    )


def _told(known: Whole, silent: Flags, each: float, rng: np.random.Generator) -> Whole:
    return np.where(silent | (rng.random(known.size) < each), MISSING, known)


def _who_comes(recipe: Recipe, commune: Commune, adults: Adults, rng: np.random.Generator) -> Whole:
    """So many adults, drawn without putting back, by their odds (P. S. Efraimidis & P. G. Spirakis 2006)."""
    if commune.learners == commune.adults:
        return np.arange(commune.adults)
    coming = recipe.coming
    odds = (
        np.array([coming.age[one] for one in ages_of(recipe)])[adults.age]
        + coming.women * adults.woman
        + coming.able * adults.ability.mean(axis=1)
    )
    luck = odds - np.log(-np.log(rng.random(commune.adults)))
    return np.sort(np.argpartition(-luck, commune.learners - 1)[: commune.learners])


def _registration(recipe: Recipe, adults: Adults, who: Whole, rng: np.random.Generator) -> Floats:
    """What people are put into classes by: partly age and group, partly chance."""
    kind = adults.audience[who] + adults.age[who] / 10
    scale = kind.std() or 1.0
    alike = recipe.classes.alike
    mixed: Floats = np.sqrt(alike) * (kind - kind.mean()) / scale + np.sqrt(1 - alike) * rng.normal(0, 1, len(who))
    return mixed


def _in_classes(recipe: Recipe, n: int, rng: np.random.Generator) -> Whole:
    """The class of each learner, counted from 0; sizes between smallest and largest where the numbers allow."""
    least, most = recipe.classes.smallest, recipe.classes.largest
    sizes = rng.integers(least, most + 1, n // least + 1)
    ends = np.cumsum(sizes)
    count = int(np.searchsorted(ends, n)) + 1
    sizes = sizes[:count]
    sizes[-1] -= int(sizes.sum()) - n
    if sizes[-1] < least and count > 1:  # too few for a class of their own: they join those before, one each
        left, sizes = int(sizes[-1]), sizes[:-1]
        sizes = sizes + np.bincount(np.arange(left) % len(sizes), minlength=len(sizes))
    return np.repeat(np.arange(len(sizes)), sizes)


def _weeks(recipe: Recipe, classes: int, rng: np.random.Generator) -> Whole:
    """The week each class begins: a logistic year, early or late by commune, with good and bad weeks."""
    wishes = recipe.classes
    last = max(1, wishes.weeks - recipe.sessions.weeks_between)
    week = np.arange(last)
    middle = wishes.midpoint + rng.normal(0, wishes.commune_lead)
    grown = 1 / (1 + np.exp(-wishes.steepness * (np.arange(last + 1) - middle)))
    noise, memory = np.zeros(last), 0.0
    for at in week:
        memory = 0.5 * memory + np.sqrt(0.75) * rng.normal(0, wishes.week_noise)
        noise[at] = memory
    weight = np.diff(grown) * np.exp(noise)
    weight *= np.array([wishes.quiet_weeks.get(str(one), 1.0) for one in week])
    return rng.choice(last, classes, p=weight / weight.sum())

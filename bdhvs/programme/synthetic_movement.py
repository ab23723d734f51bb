"""Helpers and households of an invented commune: counts, as a real dataset has them."""

from __future__ import annotations

import numpy as np

from bdhvs.dataset.movement import Movement
from bdhvs.programme.recipe import Recipe
from bdhvs.programme.synthetic_people import Learners


def draw_movement(recipe: Recipe, learners: Learners, rng: np.random.Generator) -> Movement:
    """What the movement came to by the end of the year; nobody here belongs to the group that teaches others."""
    wishes, people = recipe.movement, len(learners.classroom)
    ambassadors = int(rng.binomial(people, wishes.ambassadors))
    helped = ambassadors * wishes.needed + int(rng.poisson(ambassadors * wishes.helped_beyond))
    able = learners.ability.mean(axis=1) + learners.gain >= wishes.proficient
    households = round(people * wishes.in_households) // wishes.household_size
    members = rng.permutation(people)[: households * wishes.household_size].reshape(households, wishes.household_size)
    return Movement(0, ambassadors, helped, households, int(able[members].any(axis=1).sum()))

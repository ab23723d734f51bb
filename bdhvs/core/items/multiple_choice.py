"""Multiple choice: one or more keys in a list, with a named rule for partial credit."""

from __future__ import annotations

from typing import Literal

from bdhvs.core.items.choice import ListedChoice
from bdhvs.core.items.several_choices import SeveralChoices


class MultipleChoice(SeveralChoices, ListedChoice):
    """Response and rules as `SeveralChoices`."""

    kind: Literal["multiple_choice"]


ITEM_KIND = MultipleChoice

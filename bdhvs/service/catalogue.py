"""Items and forms in every version ever given.

The bank on disk holds today's versions. An attempt keeps the versions it began with, so the store keeps a copy
of each version that was ever given (key included: the store is as private as the bank), and an attempt that
outlives an edit of the bank is still marked by what its learner saw.
"""

from __future__ import annotations

from collections.abc import Sequence

from bdhvs.bank.digests import digest
from bdhvs.bank.loader import Bank
from bdhvs.core.forms import Form
from bdhvs.core.items import item_kinds
from bdhvs.core.items.base import Item
from bdhvs.errors import NotFound
from bdhvs.store import ItemVersionRow, Store


class Catalogue:
    """Finds items by id and version; records versions in the store before they are given."""

    def __init__(self, bank: Bank, store: Store) -> None:
        self._bank = bank
        self._store = store
        self._items: dict[tuple[str, int], Item] = {(item.id, item.version): item for item in bank.items.values()}
        self._recorded: set[tuple[str, int]] = set()

    def item(self, item_id: str, version: int) -> Item:
        """The item as it was in `version`.

        Raises
        ------
        NotFound
            when neither the bank nor the store has it.
        """
        found = self._items.get((item_id, version))
        if found is None:
            row = self._store.item_version(item_id, version)
            if row is None:
                raise NotFound(f"item {item_id!r} version {version} is neither in the bank nor in the store")
            found = item_kinds()[row.kind].model_validate(row.details)
            self._items[item_id, version] = found
        return found

    def form(self, form_id: str) -> Form:
        """The form as it is today; what an attempt's rules were is kept with the attempt."""
        return self._bank.form(form_id)

    async def record(self, items: Sequence[Item]) -> None:
        """Make sure the store has a copy of these versions."""
        new = [item for item in items if (item.id, item.version) not in self._recorded]
        if new:
            await self._store.record_item_versions([self._row(item) for item in new])
            self._recorded.update((item.id, item.version) for item in new)

    def _row(self, item: Item) -> ItemVersionRow:
        return ItemVersionRow(
            id=item.id,
            version=item.version,
            kind=item.kind,
            competence=item.competence,
            level=item.level,
            maximum=item.maximum,
            digest=digest(item),
            details=item.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        )

"""Where a class is and whom it is for, as its teacher says: never asked of a learner, kept with the class, changeable.

What is typed is read as people write it and kept as codes. Without a list of communes (`bdhvs.bank.places`) a commune is the
code and the name that were typed.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

from bdhvs.core.about_learners import REGIONS, Place
from bdhvs.core.framework import Framework
from bdhvs.core.names import clean_name
from bdhvs.core.places import Commune, Geography, kind_written
from bdhvs.errors import PlaceRefused
from bdhvs.i18n import Gettext
from bdhvs.store import ClassEventRow, Store
from bdhvs.store.ids import new_id
from bdhvs.store.learners import PLACE, place_of

_CODE_AND_NAME = re.compile(r"\s*(?P<code>\d{1,5}(?!\d))?[\s:,–-]*(?P<name>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PlaceTyped:
    """What was typed or chosen; "" where nothing was. ``commune``: a name, a code, or both ("01234 Xã Mẫu")."""

    province: str = ""
    commune: str = ""
    region: str = ""
    audience: str = ""

    @property
    def is_anything(self) -> bool:
        """Whether something was said."""
        return self != PlaceTyped()


class ClassPlace:
    """The place of one class: read once, kept in the store as a fact of the class, the last one counts."""

    def __init__(
        self, store: Store, classroom_id: str, geography: Geography, framework: Framework, *, now_us: Callable[[], int]
    ) -> None:
        self.geography = geography
        self.now = Place()
        self._store = store
        self._classroom_id = classroom_id
        self._audiences = tuple(one.id for one in framework.audiences)
        self._now_us = now_us

    async def load(self) -> None:
        """Read what was said before."""
        self.now = await asyncio.to_thread(place_of, self._store, self._classroom_id)

    async def say(self, typed: PlaceTyped) -> None:
        """Keep another place.

        Raises
        ------
        PlaceRefused
            as `read`; nothing is kept.
        """
        place = self.read(typed)
        if place == self.now:
            return
        now = self._now_us()
        row = ClassEventRow(new_id(now), self._classroom_id, now, PLACE, details=asdict(place))
        await self._store.append_class_event(row)
        self.now = place

    async def change(self, typed: PlaceTyped) -> None:
        """As `say`, keeping of what was said before whatever `typed` leaves open; another province has other communes."""
        before = self.as_typed()
        moved = bool(typed.province) and self.read(PlaceTyped(province=typed.province)).province != self.now.province
        kept = replace(before, commune="") if moved else before
        given = {name: value for name, value in asdict(typed).items() if value}
        await self.say(replace(kept, **given))

    def as_typed(self) -> PlaceTyped:
        """The place as it would be typed."""
        commune = " ".join(one for one in (self.now.commune, self.now.commune_name) if one)
        return PlaceTyped(self.now.province or "", commune, self.now.region or "", self.now.audience or "")

    def read(self, typed: PlaceTyped) -> Place:
        """The place that was meant.

        Raises
        ------
        PlaceRefused
            with code ``place_unknown``, ``place_ambiguous`` (and the candidates), ``place_no_province``, ``place_elsewhere``,
            ``place_region`` or ``place_audience``.
        """
        if typed.region and typed.region not in REGIONS:
            raise PlaceRefused(f"found region {typed.region!r}, expected {' or '.join(REGIONS)}", "place_region")
        if typed.audience and typed.audience not in self._audiences:
            raise PlaceRefused(
                f"found audience {typed.audience!r}, expected one of {', '.join(self._audiences)}", "place_audience"
            )
        province = self.geography.province(typed.province).unit.code if typed.province.strip() else None
        province, code, name, region = self._commune(typed.commune, province)
        return Place(province, code, name, typed.region or region, typed.audience or None)

    def _commune(self, typed: str, province: str | None) -> tuple[str | None, str | None, str | None, str | None]:
        """Province, code, name and region of a commune; what nobody said is None."""
        parts = _CODE_AND_NAME.fullmatch(typed)
        code, name = (parts["code"] or "", parts["name"].strip()) if parts else ("", typed.strip())
        if not code and not name:
            return province, None, None, None
        code = code.zfill(5) if code else ""
        known = self._known(code, name, province)
        if known is not None:
            if province not in (None, known.province):
                raise PlaceRefused(
                    f"found {typed!r}, which is in province {known.province}, expected one of {province}",
                    "place_elsewhere",
                )
            return known.province, known.code, known.full_name, known.region
        if province is None:
            raise PlaceRefused(f"found {typed!r} without a province, expected the province, too", "place_no_province")
        region = {"ward": "urban", "commune": "rural"}.get(kind_written(name) or "")
        return province, code or None, clean_name(name) if name else None, region

    def _known(self, code: str, name: str, province: str | None) -> Commune | None:
        """The commune of the list; None where the list does not reach, or the code of one it does not have came with its name."""
        if code:
            return self.geography.commune_called(code)
        reaches = self.geography.communes_of(province) if province else self.geography.communes
        return self.geography.commune(name, province).unit if reaches else None


def in_words(place: Place, geography: Geography) -> str:
    """Commune and province as they are called, "" when neither was said."""
    province = geography.province_called(place.province)
    commune = place.commune_name or place.commune
    return ", ".join(one for one in (commune, province.full_name if province else place.province) if one)


def place_sentence(refused: PlaceRefused, _: Gettext) -> str:
    """Why a place is none, in words for a teacher."""
    sentences = {
        "place_unknown": _(
            "This place is not in the list. Please look at the spelling, or type the code and the name of the commune."
        ),
        "place_ambiguous": _("There are several places of this name: {places}. Please say which one.").format(
            places="; ".join(refused.candidates)
        ),
        "place_no_province": _("Please choose the province, too."),
        "place_elsewhere": _("This commune is in another province. Please correct one of the two."),
        "place_region": _("Please choose town or countryside."),
        "place_audience": _("Please choose a group of the list."),
    }
    return sentences.get(refused.code, sentences["place_unknown"])

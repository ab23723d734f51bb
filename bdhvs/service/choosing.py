"""The next item of adaptive attempts, for the quiz service: what has to wait for disk or numpy waits in a thread."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from bdhvs.bank.loader import Bank
from bdhvs.core.attempt import Attempt
from bdhvs.core.attempt_events import ItemRef
from bdhvs.core.decisions import Decisions
from bdhvs.core.forms import Form
from bdhvs.errors import BankError, NotAllowed
from bdhvs.service.adaptive import Chooser, Choosers
from bdhvs.service.adaptive_versions import version_of
from bdhvs.service.catalogue import Catalogue
from bdhvs.service.sessions import LiveAttempt
from bdhvs.store import Store

log = logging.getLogger("bdhvs.adaptive")


class Choosing:
    """Chooses the items of a class's adaptive attempts.

    A form's version is made when it is first begun and holds until the server starts again, as the bank does.

    Parameters
    ----------
    decisions : what the teacher has decided for the class: items taken out do not come any more.
    """

    def __init__(self, bank: Bank, store: Store, catalogue: Catalogue, decisions: Callable[[], Decisions]) -> None:
        self._bank = bank
        self._store = store
        self._catalogue = catalogue
        self._decisions = decisions
        self._choosers = Choosers(store)
        self._of_forms: dict[str, Chooser] = {}
        self._making = asyncio.Lock()

    async def begin(self, form: Form, seed: int) -> tuple[str, ItemRef]:
        """The version that an attempt chooses by, and its first item; both and every item that may follow are in the store.

        Raises
        ------
        NotAllowed
            when the bank cannot serve the form; the log says why.
        MissingExtra
            when numpy is not installed.
        StoreUnavailable
            when nothing can be written now.
        """
        chooser = self._of_forms.get(form.id) or await self._make(form)
        first = chooser.first(seed, self._decisions().out)
        if first is None:
            raise NotAllowed("no item of the form is left in this class")
        return chooser.digest, first

    async def next(self, live: LiveAttempt, attempt: Attempt) -> ItemRef | None:
        """The item that follows when a live attempt has become `attempt`; None when it is over, or one is still on the screen.

        Raises
        ------
        MissingExtra
            when numpy was taken away since the attempt began.
        StoreError
            when the version cannot be read.
        """
        digest = attempt.rules.adaptive
        if digest is None or attempt.current is not None or attempt.status != "started":
            return None
        chooser = self._choosers.made(digest)
        if chooser is None:
            chooser = await asyncio.to_thread(self._read, digest)
        out = self._decisions().out
        live.engine = chooser.state(attempt, live.row.seed, out, live.engine)
        return chooser.next(live.engine, out)

    async def _make(self, form: Form) -> Chooser:
        async with self._making:
            if (made := self._of_forms.get(form.id)) is not None:  # by somebody who came a moment earlier
                return made
            try:
                version = await asyncio.to_thread(version_of, form, self._bank)
                chooser = await asyncio.to_thread(self._choosers.of, version)
            except (BankError, ValueError) as error:
                log.error("form %s cannot be served: %s", form.id, error)
                raise NotAllowed("the bank cannot serve this form") from error
            await self._catalogue.record([self._bank.item(ref.id) for ref in chooser.items])
            await self._store.record_adaptive_version(version)
            self._of_forms[form.id] = chooser
            return chooser

    def _read(self, digest: str) -> Chooser:
        """The chooser of a version begun before this start of the server, with its items, which an older bank may have had."""
        chooser = self._choosers.of(digest)
        for ref in chooser.items:
            self._catalogue.item(*ref)
        return chooser

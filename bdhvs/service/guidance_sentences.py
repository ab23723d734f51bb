"""What may be told of people helped: how many confirmed, and of what it is evidence. A competence by name, never a level."""

from __future__ import annotations

from bdhvs.core.framework import Framework
from bdhvs.core.guidance import guidance
from bdhvs.i18n import translator
from bdhvs.store import Store


def guidance_sentence(store: Store, learner_id: str, framework: Framework, lang: str) -> str | None:
    """For a learner's own sheet; None while nobody confirmed. Reads the disk."""
    model, rows = framework.ambassador, store.helped(learner_id)
    if model is None or not rows:
        return None
    _, shown = translator(lang), guidance((row.own_hands for row in rows), model)
    if shown.is_evidence:
        done = _(
            "Helped {n} people who did it with their own hands, confirmed by them. This is evidence of guiding others: {competence}."
        )
        name = framework[model.competence].name.in_language(lang)
        return done.format(n=shown.own_hands, competence=f"{model.competence} {name}")
    begun = _(
        "{n} people confirmed that you helped them, {m} did it with their own hands. From {needed} such people on it is evidence of guiding others."
    )
    return begun.format(n=shown.confirmed, m=shown.own_hands, needed=shown.needed)

"""What a quiz cell leaves in a notebook for a class's light page: which form belongs in its place. No item, no key."""

from __future__ import annotations

EMBED_TYPE = "application/vnd.bdhvs.embed+json"


def quiz_embed(form: str) -> dict[str, str]:
    """The mount point of a quiz on a form."""
    return {"kind": "quiz", "form": form}

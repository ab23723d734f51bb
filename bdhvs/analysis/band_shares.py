"""How many learners show which band, per domain, with intervals; and how many cannot be told yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bdhvs.analysis.synthetic import carried, said
from bdhvs.bank.framework import Framework
from bdhvs.i18n import translator
from bdhvs.measurement.proportions import wilson_ends

if TYPE_CHECKING:
    import pandas as pd

UNKNOWN = "unknown"  # not enough evidence for a band
BELOW = "below"  # under the lowest band: `bdhvs.measurement.bands.BELOW`


@carried
def band_shares(scores: pd.DataFrame, confidence: float = 0.95, framework: Framework | None = None) -> pd.DataFrame:
    """Share of learners in each band of each domain.

    Parameters
    ----------
    scores : of `bdhvs.analysis.frames.scores`, or the table ``scores`` of a dataset. The newest score of each learner counts.

    Returns
    -------
    DataFrame, one row per domain and band, bands lowest first and "unknown" (not enough evidence) last: ``domain``, ``band``, ``learners``,
    ``of`` (learners with a score in the domain), ``share`` (0–1) with ``low`` and ``high`` (Wilson).

    Notes
    -----
    The intervals speak of learners like these who came, not of a commune: a class is no sample. Who is unknown is rarely unknown by
    chance (few tasks done, or near a cut), so the shares of those with a band are no estimate for the others.
    """
    import pandas as pd

    newest = scores[scores["newest"]]
    if "scored_at" in newest:
        newest = newest.sort_values("scored_at", kind="stable")
    newest = newest.drop_duplicates(["learner", "domain"], keep="last")
    band = newest["band"].astype("object").where(newest["band"].notna(), UNKNOWN)
    counts = pd.crosstab(newest["domain"].astype(str), band)
    order = list(band_names("en", framework))
    present = [one for one in (*order[:-1], *sorted(set(counts) - set(order)), UNKNOWN) if one in counts]
    rows = []
    for domain, own in counts.iterrows():
        total = int(own.sum())
        for name in present:
            low, high = wilson_ends(int(own[name]), total, confidence)
            rows.append(
                {
                    "domain": domain,
                    "band": name,
                    "learners": int(own[name]),
                    "of": total,
                    "share": own[name] / total,
                    "low": low,
                    "high": high,
                }
            )
    return pd.DataFrame(rows, columns=["domain", "band", "learners", "of", "share", "low", "high"])


@said
def in_words(table: pd.DataFrame, lang: str = "vi") -> str:
    """The largest band of each domain with its interval, and how many are not known."""
    _ = translator(lang)
    names = band_names(lang)
    said = []
    for domain, own in table.groupby("domain", sort=True):
        known = own[own["band"] != UNKNOWN]
        unknown = own.loc[own["band"] == UNKNOWN, "learners"].sum()
        top = known.loc[known["learners"].idxmax()] if len(known) and known["learners"].sum() else None
        text = _("Domain {domain}: {unknown} of {n} learners not known yet").format(
            domain=domain, unknown=unknown, n=int(own["of"].iloc[0])
        )
        if top is not None:
            text += _("; most often {band}, {share} in 100 ({low} to {high})").format(
                band=names.get(top.band, top.band),
                share=round(100 * top.share),
                low=round(100 * top.low),
                high=round(100 * top.high),
            )
        said.append(text + ".")
    return " ".join(said)


def band_names(lang: str, framework: Framework | None = None) -> dict[str, str]:
    """What bands are called for people, lowest first; "unknown" last."""
    _ = translator(lang)
    named = {one.id: one.name.in_language(lang) for one in (framework or Framework.load()).bands}
    lowest = next(iter(named.values()))
    return {BELOW: _("not yet {band}").format(band=lowest), **named, UNKNOWN: _("not enough evidence yet")}

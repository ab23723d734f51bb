"""Pictures for researchers and programme officers: one file each, every one a function with ``ax=`` and ``lang=``.

Each draws on ``ax`` (or new axes) and gives it back, in greys, with marks, dashes and hatches instead of colour; and each has beside
it a function that says the same in sentences, for whoever does not see it. docs/gallery.md shows all.
"""

from bdhvs.analysis.pictures.bands import plot_band_shares
from bdhvs.analysis.pictures.categories import plot_categories
from bdhvs.analysis.pictures.confidence import plot_overconfidence, plot_sureness
from bdhvs.analysis.pictures.differences import plot_fairness
from bdhvs.analysis.pictures.information import plot_information, plot_targeting
from bdhvs.analysis.pictures.item_curves import plot_item_curves
from bdhvs.analysis.pictures.options import plot_options
from bdhvs.analysis.pictures.pairs import plot_alike
from bdhvs.analysis.pictures.patterns import plot_patterns
from bdhvs.analysis.pictures.rapid import plot_rapid
from bdhvs.analysis.pictures.reliability import plot_reliability
from bdhvs.analysis.pictures.scree import plot_scree
from bdhvs.analysis.pictures.simulation import plot_accuracy, plot_exposure, plot_lengths, plot_success
from bdhvs.analysis.pictures.subscores import plot_subscores
from bdhvs.analysis.pictures.survey import plot_survey
from bdhvs.analysis.pictures.wright_map import plot_wright_map

__all__ = [
    "plot_accuracy",
    "plot_alike",
    "plot_band_shares",
    "plot_categories",
    "plot_exposure",
    "plot_fairness",
    "plot_information",
    "plot_item_curves",
    "plot_lengths",
    "plot_options",
    "plot_overconfidence",
    "plot_patterns",
    "plot_rapid",
    "plot_reliability",
    "plot_scree",
    "plot_subscores",
    "plot_success",
    "plot_sureness",
    "plot_survey",
    "plot_targeting",
    "plot_wright_map",
]

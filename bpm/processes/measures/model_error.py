"""How far the classifier's errors bend the negative share, from its audited confusion."""

from collections.abc import Mapping

from bpm.foundation.texts import _
from bpm.processes.measures.observed import PERSON
from bpm.processes.measures.tallies import Tally
from bpm.statistics import SHOWN_FROM, share
from bpm.statistics.estimates.misread import Audit, Corrected, corrected

AUDITED: Mapping[str, Audit] = {
    "earshot-1.4d53555b": Audit(true_positive=1410, false_negative=368, false_positive=711, true_negative=4017),
}
"""Model version -> negative (-0.25 or less) or not, on the 6,506 labelled items of the corpus, out of fold: whole
sources held out together, as `earshot train` does it. A pipeline of the company's own is not in it."""


def without_errors(tally: Tally) -> Corrected | None:
    """The share of hits as it would be without reading errors; what people read counts as it stands.

    None where a model whose errors nobody audited read any of it, or too little is known.
    """
    models = [reader for reader in tally.read if reader != PERSON and tally.read[reader]]
    if tally.n < SHOWN_FROM or len(models) > 1 or any(model not in AUDITED for model in models):
        return None
    if not models:
        exact = share(round(tally.total), tally.n)
        return Corrected(exact.hits / exact.n, exact.low, exact.high)
    (model,) = models
    found = corrected(share(tally.read_hits[model], tally.read[model]), AUDITED[model])
    if found is None:
        return None
    by_people, of_machine = tally.read_hits[PERSON], tally.read[model]
    value, low, high = ((by_people + of_machine * part) / tally.n for part in (found.value, found.low, found.high))
    return Corrected(value, low, high)


def said_of_error(tally: Tally) -> str:
    """What is known of the reading errors in a figure, in a sentence."""
    models = [reader for reader in tally.read if reader != PERSON]
    if not models:
        return _("Read by people.") if tally.read else ""
    unknown = [model for model in models if model not in AUDITED]
    if unknown:
        return _("Model error unknown: nobody audited %(model)s.") % {"model": ", ".join(sorted(unknown))}
    audit = AUDITED[models[0]]
    return _("Sensitivity %(se)s, specificity %(sp)s, of %(n)s items read by people.") % {
        "se": f"{audit.sensitivity:.0%}".replace("%", " %"),
        "sp": f"{audit.specificity:.0%}".replace("%", " %"),
        "n": audit.positives + audit.negatives,
    }

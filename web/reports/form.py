"""The form of a report, filled from its address."""

from collections.abc import Sequence

from bpm.engine import queries as engine_queries
from bpm.feedback import CHANNELS
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.measures.catalogue import MEASURES
from bpm.processes.measures.observed import ORDER
from bpm.processes.measures.splits import SPLITS
from bpm.processes.reports import PICTURES, Spec
from web.measures.voices import VOICE_WORDS
from web.ui.fields import Field

SPLIT_WORDS = {
    "version": _("version"),
    "activity": _("activity"),
    "lane": _("lane"),
    "channel": _("channel"),
    "theme": _("theme"),
    "group": _("group"),
    "voice": _("voice: customer, employee, partner, supplier"),
    "rule": _("decision rule that fired"),
}
KIND_WORDS = {
    "by_hand": _("linked by hand"),
    "said_during": _("said while the case ran"),
    "said_after": _("said after it"),
    "about_artefact": _("about a letter, label, page or offer"),
    "opened_by": _("opened the case"),
    "said_before": _("said before it"),
    "suggested": _("suggested, not confirmed"),
}
PICTURE_WORDS = {"table": _("table"), "bars": _("bars"), "series": _("week by week")}


def fields_of(work: Work, spec: Spec) -> Sequence[Field]:
    """Every part of a report, each kept as it was asked."""
    processes = tuple((row.key, row.name) for row in engine_queries.list_processes(work))
    splits = [(each, SPLIT_WORDS[each]) for each in SPLITS]
    if spec.by and spec.by not in SPLITS:
        splits.append((spec.by, spec.by))
    return (
        Field("process", _("Process"), "select", value=spec.process, required=True, options=processes),
        Field("measure", _("Measures, at most six"), "checks", values=spec.measures, required=True,
              options=tuple((each.name, each.title) for each in MEASURES.values())),
        Field("by", _("Split by"), "select", value=spec.by, options=tuple(splits),
              help=_("A variable of the case: write by=variable:NAME into the address.")),
        Field("version", _("Version"), "text", value=str(spec.version or ""),
              help=_("Its number; else the live one. Versions are never blended.")),
        Field("days", _("Days up to today"), "text", value=str(spec.days)),
        Field("from", _("or from"), "date", value=spec.since.isoformat() if spec.since else ""),
        Field("to", _("to"), "date", value=spec.until.isoformat() if spec.until else ""),
        Field("channel", _("Channel"), "select", value=spec.channel, options=tuple((each, each) for each in CHANNELS)),
        Field("voice", _("Whose words"), "select", value=spec.voice,
              options=tuple((str(each), words) for each, words in VOICE_WORDS.items()),
              help=_("Else those of customers and prospects.")),
        Field("kind", _("Kinds of link that count"), "checks", values=tuple(spec.kinds), required=True,
              options=tuple((str(each), KIND_WORDS[each]) for each in ORDER)),
        Field("picture", _("Picture"), "radios", values=(spec.picture,), required=True,
              options=tuple((each, PICTURE_WORDS[each]) for each in PICTURES)),
    )  # fmt: skip

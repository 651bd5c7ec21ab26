"""What each activity of a version does to customers: the drawing in layers, the same as a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request, url_for

from bpm.engine import queries as engine_queries
from bpm.engine.status import VersionStatus
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.identity import Permission
from bpm.processes import queries, verdicts
from bpm.processes.attribution import LIVED, said_after_days
from bpm.processes.escapes import count_escapes
from bpm.processes.measures.rollups import Changed
from bpm.processes.queries import (
    PERCENTILES_FROM,
    SHOWN_FROM,
    Durations,
    ElementMeasures,
    ProcessMeasures,
    SpaceBetween,
)
from web.core.rendering import Choice, here, render
from web.core.request_context import work
from web.core.security import needs
from web.designer.processes import Head, head_of
from web.insights.artefacts import artefacts_at
from web.insights.blueprint import blueprint
from web.measures.layers import LAYERS, Layer, heat_of, layer_of, length_of
from web.measures.link_kinds import APART, WORDS, mix_of
from web.measures.periods import Period, asked_period, choices
from web.measures.verdict_pins import verdict_pins
from web.measures.voices import asked_voice, voice_choices
from web.ui.diagrams import Diagram


@dataclass(frozen=True)
class ProcessPage:
    head: Head
    key: str
    measures: ProcessMeasures
    seen: tuple[ElementMeasures, ...]
    unseen: int
    layer: Layer
    layers: tuple[Choice, ...]
    period: Period
    periods: tuple[Choice, ...]
    voice: str
    """Whose words count; empty: those of customers and prospects."""
    voices: tuple[Choice, ...]
    versions: tuple[Choice, ...]
    live: bool
    diagram: Diagram
    between: SpaceBetween
    chosen: ElementMeasures | None
    artefacts: str
    """Of the chosen element, by complaints."""
    said_after_days: int
    said_after_own: bool
    """Whether the process has a window of its own."""
    escapes: dict[str, int]
    """{element that was waiting: public words of customers who waited there}"""
    shown_from: int = SHOWN_FROM
    percentiles_from: int = PERCENTILES_FROM

    def rows_url(self, element: str | None = None, kind: str | None = None) -> str:
        return _rows_url(
            self.key, self.measures.version_id, days=self.period.days, element=element, kind=kind, voice=self.voice
        )

    @property
    def counted(self) -> tuple[tuple[str, str, int], ...]:
        """(kind, its words, items) of those that figures count."""
        return tuple((str(kind), WORDS[kind], self.measures.kinds.get(kind, 0)) for kind in LIVED)

    @property
    def apart(self) -> tuple[tuple[str, str, int], ...]:
        """The same of those that stand in no figure but their own."""
        return tuple((str(kind), WORDS[kind], self.measures.kinds.get(kind, 0)) for kind in APART)

    def linked(self, found: ElementMeasures) -> str:
        return mix_of(found.kinds)

    def escapes_url(self, element: str | None = None) -> str:
        return url_for(
            "insights.escapes",
            key=self.key,
            version_id=self.measures.version_id,
            days=self.period.days,
            element=element,
        )

    @property
    def undated_url(self) -> str:
        of = self.measures
        return url_for("insights.rows", key=self.key, version_id=of.version_id, days=self.period.days, undated=1)

    def length(self, figure: Durations) -> str:
        return length_of(figure)

    @property
    def first_answer(self) -> str:
        return length_of(self.measures.first_answer)


@blueprint.get("/processes/<key>")
@needs(Permission.INSIGHTS)
def process(key: str) -> str:
    period, layer, voice = asked_period(work().now()), layer_of(request.args.get("layer", "")), asked_voice()
    versions = engine_queries.list_versions(work(), key)
    version = _asked_version(key, versions)
    book = Changed(work())
    measures = queries.process_measures(
        work(), key, version_id=version.id, since=period.since, until=period.until, voice=voice, book=book
    )
    seen = tuple(m for m in measures.elements if m.seen)
    chosen = request.args.get("element", "")
    days_after, own_window = said_after_days(work(), key)
    return render(
        "insights/process.html",
        ProcessPage(
            head=head_of(key, versions),
            key=key,
            measures=measures,
            seen=seen,
            unseen=len(measures.elements) - len(seen),
            layer=layer,
            layers=tuple(Choice(each.label, here(layer=each.key), each is layer) for each in LAYERS),
            period=period,
            periods=choices(period),
            voice=voice,
            voices=voice_choices(voice),
            versions=tuple(
                Choice(
                    f"Version {v.number}{' (live)' if v.status == VersionStatus.LIVE else ''}",
                    here(version=v.number),
                    v is version,
                )
                for v in versions
            ),
            live=version.status == VersionStatus.LIVE,
            diagram=Diagram(
                source=url_for("designer.drawing", version_id=version.id),
                heat=heat_of(
                    layer,
                    seen,
                    url=lambda element, kind: _rows_url(
                        key, version.id, days=period.days, element=element, kind=kind or None, voice=voice
                    ),
                ),
                pins=verdict_pins(verdicts.badges(work(), key)),
                panel=here(element=None),
                selected=chosen,
            ),
            between=queries.space_between(work(), since=period.since, until=period.until, book=book),
            chosen=next((m for m in measures.elements if m.element == chosen), None),
            artefacts=artefacts_at(work(), key, chosen) if chosen else "",
            said_after_days=days_after,
            said_after_own=own_window,
            escapes=count_escapes(work(), version.id, since=period.since, until=period.until),
        ),
    )


def _asked_version(key: str, versions: Sequence[engine_queries.VersionRow]) -> engine_queries.VersionRow:
    """The version of ?version= (its number), else the live one, else the newest."""
    number = request.args.get("version", "")
    if number:
        found = next((v for v in versions if str(v.number) == number), None)
    else:
        found = next(
            (v for v in versions if v.status == VersionStatus.LIVE), max(versions, key=lambda v: v.number, default=None)
        )
    if found is None:
        words = _("The process “%(key)s” has no version %(number)s.") if number else _("“%(key)s” has no version yet.")
        raise NotFoundError(words % {"key": key, "number": number})
    return found


def _rows_url(
    key: str, version_id: int, *, days: int, element: str | None = None, kind: str | None = None, voice: str = ""
) -> str:
    return url_for(
        "insights.rows",
        key=key,
        version_id=version_id,
        days=days,
        element=element,
        kind=kind,
        voice=voice or None,
    )

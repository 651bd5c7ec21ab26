"""Variants of a process: how cases went, the most frequent way first, each openable."""

from dataclasses import dataclass

from flask import url_for

from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.identity import Permission
from bpm.processes import paths
from bpm.processes.paths import Variant, Variants
from web.core.rendering import render
from web.core.request_context import work
from web.core.security import needs
from web.measures.layers import length_of
from web.pictures.blueprint import blueprint
from web.pictures.drawing import Chevrons, chevrons
from web.pictures.pictured import Pictured, elsewhere, of_ours

LISTED, EXAMPLES = 50, 200


@dataclass(frozen=True)
class Line:
    """A variant with its places as numbers of the legend."""

    variant: Variant
    took: str
    url: str


@dataclass(frozen=True)
class VariantsPage:
    """What pictures/variants.html shows."""

    of: Pictured
    found: Variants
    lines: tuple[Line, ...]
    chart: Chevrons | None
    more: int
    """Variants that are not listed."""


@blueprint.get("/processes/<key>/variants")
@needs(Permission.INSIGHTS)
def variants(key: str) -> str:
    return _page(of_ours(work(), key))


@blueprint.get("/elsewhere/<key>/variants")
@needs(Permission.INSIGHTS)
def variants_elsewhere(key: str) -> str:
    return _page(elsewhere(work(), key))


def _page(of: Pictured) -> str:
    found = paths.variants_of(of.traces(work()))
    shown = found.rows[:LISTED]
    lines = tuple(Line(each, length_of(each.took), _url(of, each.key)) for each in shown)
    chart = chevrons([(each.steps, each.part, each.cases) for each in shown]) if shown else None
    return render("pictures/variants.html", VariantsPage(of, found, lines, chart, len(found.rows) - len(shown)))


def _url(of: Pictured, variant: str) -> str:
    days = (of.until - of.since).days
    if of.head is None:
        return url_for("pictures.variant_elsewhere", key=of.key, variant=variant)
    return url_for("pictures.variant", key=of.key, variant=variant, version=of.version, days=days)


@dataclass(frozen=True)
class VariantPage:
    """What pictures/variant.html shows."""

    of: Pictured
    variant: Variant
    took: str
    ours: bool
    back_url: str


@blueprint.get("/processes/<key>/variants/<variant>")
@needs(Permission.INSIGHTS)
def variant(key: str, variant: str) -> str:
    return _one(of_ours(work(), key), variant)


@blueprint.get("/elsewhere/<key>/variants/<variant>")
@needs(Permission.INSIGHTS)
def variant_elsewhere(key: str, variant: str) -> str:
    return _one(elsewhere(work(), key), variant)


def _one(of: Pictured, key: str) -> str:
    found = paths.variants_of(of.traces(work()), examples=EXAMPLES, only=key)
    row = next((each for each in found.rows if each.key == key), None)
    if row is None:
        raise NotFoundError(_("No case of this period went this way."), remedy=_("Choose a longer period."))
    back = next(each.url for each in of.pictures if each.label == _("Variants"))
    return render("pictures/variant.html", VariantPage(of, row, length_of(row.took), of.head is not None, back))

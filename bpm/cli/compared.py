"""What `earshot diff` compares: a file, a folder, a zip archive, or a version of this installation, as a bundle."""

import re
from dataclasses import replace
from pathlib import Path

from bpm.cli.product import opened
from bpm.engine import api as engine
from bpm.engine.queries import bundle_of, find_versions, get_version
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _

_VERSION = re.compile(r"(?P<key>.+)@(?P<number>\d+)")


def read_side(text: str) -> engine.Bundle:
    """The bundle that an argument names; RefusedError or NotFoundError says what is wrong with which file."""
    path = Path(text)
    if not path.exists():
        return _stored(text)
    came = engine.read_bundle(engine.files_in(path), whole=path.is_dir())
    bundle = engine.Bundle(
        came.file_name or path.name, came.source or b"", came.forms, came.decisions, came.tests, came.triggers
    )
    return _under_one_name(bundle) if came.source is None and path.is_file() else bundle


def _under_one_name(bundle: engine.Bundle) -> engine.Bundle:
    """A form or decision file that stands alone, under a name that it has on both sides."""
    if len(bundle.forms) + len(bundle.decisions) != 1:
        return bundle
    forms = dict(zip(["form"], bundle.forms.values(), strict=False))
    return replace(bundle, forms=forms, decisions=dict(zip(["decisions.dmn"], bundle.decisions.values(), strict=False)))


def _stored(text: str) -> engine.Bundle:
    match = _VERSION.fullmatch(text)
    if match is None:
        raise NotFoundError(
            _("There is no file %(name)s.") % {"name": text},
            remedy=_("Name a file, a folder, a zip archive, or a version as KEY@NUMBER."),
        )
    with opened().unit_of_work.reading() as work:
        versions = find_versions(work, match["key"])
        found = next((each for each in versions if each.number == int(match["number"])), None)
        if found is None:
            numbers = ", ".join(str(each.number) for each in versions) or _("none")
            message = _("The process %(key)s has no version %(number)s; it has: %(numbers)s.")
            raise NotFoundError(message % {"key": match["key"], "number": match["number"], "numbers": numbers})
        detail = get_version(work, found.id)
    return bundle_of(detail)

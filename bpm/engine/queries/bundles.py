"""The bundle that a stored version came as: what the next one is compared with."""

from bpm.engine.decisions import as_bytes
from bpm.engine.definitions.bundle import Bundle
from bpm.engine.definitions.check import check
from bpm.engine.queries.versions import VersionDetail


def bundle_of(version: VersionDetail) -> Bundle:
    """The files of a version; what its forms hold of the model itself is told apart by a check and left out."""
    decisions = {name: as_bytes(text) for name, text in version.decisions.items()}
    in_model = check(version.source, version.file_name, decisions=decisions).extra.get("forms", {})
    forms = {name: schema for name, schema in version.forms.items() if in_model.get(name) != schema}
    return Bundle(version.file_name, version.source, forms, decisions, version.tests)

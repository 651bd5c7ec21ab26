"""A stored version as the bundle that it was deployed from, and whose live versions have which parts."""

from collections.abc import Sequence

from sqlalchemy import select

from bpm.engine.decisions import as_bytes
from bpm.engine.definitions.bundle import Bundle
from bpm.engine.definitions.check import check
from bpm.engine.models import ProcessDefinition, ProcessVersion
from bpm.engine.queries.versions import VersionDetail
from bpm.foundation.work import Work


def bundle_of(version: VersionDetail) -> Bundle:
    """The files of a version; outside any transaction, for a version of an earlier release is checked again.

    What such a release stored as forms holds those of the model, too; the check tells them apart.
    """
    decisions = {name: as_bytes(text) for name, text in version.decisions.items()}
    names = version.uploaded_forms
    if names is None:
        in_model = check(version.source, version.file_name, decisions=decisions).extra.get("forms", {})
        names = tuple(name for name, schema in version.forms.items() if in_model.get(name) != schema)
    return Bundle(
        file_name=version.file_name,
        source=version.source,
        forms={name: version.forms[name] for name in names if name in version.forms},
        decisions=decisions,
        tests=version.tests,
        triggers=version.triggers,
    )


def keys_with_parts(work: Work, names: Sequence[str]) -> list[str]:
    """Keys of the processes whose live version has a form or a decision file of one of the names."""
    query = (
        select(ProcessDefinition.key, ProcessVersion.uploaded_forms, ProcessVersion.decisions)
        .join(ProcessVersion, ProcessVersion.id == ProcessDefinition.live_version_id)
        .order_by(ProcessDefinition.key)
    )
    wanted = set(names)
    rows = work.session.execute(query)
    return [key for key, forms, decisions in rows if wanted & {*(forms or ()), *(decisions or ())}]

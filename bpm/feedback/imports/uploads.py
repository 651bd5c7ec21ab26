"""Import runs until the worker takes them up: uploaded, looked at, read in another way, released or thrown away."""

from collections.abc import Mapping
from typing import Any

from bpm import audit
from bpm.feedback.channels import get_format
from bpm.feedback.channels.fields import check_mapping
from bpm.feedback.imports.preview import Preview, preview
from bpm.feedback.imports.runs import get_run, import_run
from bpm.feedback.imports.source_options import remember, with_remembered
from bpm.feedback.intake.options import check_options
from bpm.feedback.models import ImportRun
from bpm.feedback.raw_item import CHANNELS
from bpm.feedback.status import ImportStatus
from bpm.foundation.errors import ConflictError, InvalidInputError
from bpm.foundation.work import Work


def start_import(
    work: Work,
    content: bytes | None,
    *,
    file_name: str,
    format_name: str,
    mapping: Mapping[str, str],
    channel: str,
    source: str,
    total_bytes: int = 0,
    as_draft: bool = False,
) -> ImportRun:
    """A run that the worker takes up; with `content` None the caller streams the file by `take_in`.

    A draft waits until it is released. What was said of the source before holds where `mapping` says nothing.
    InvalidInputError names the field that does not fit.
    """
    named = (source.strip() or _source_of(file_name))[:120]
    mapping = with_remembered(work, named, mapping)
    chosen = _channel(format_name, mapping, channel)
    if content is not None and not content:
        raise InvalidInputError("The file is empty.", place=file_name, remedy="Choose another file.")
    run = ImportRun(
        file_name=file_name[:400],
        format=format_name,
        channel=chosen,
        source=named,
        mapping=mapping,
        status=ImportStatus.DRAFT if as_draft else ImportStatus.WAITING,
        total_bytes=total_bytes or len(content or b""),
        created_at=work.now(),
        created_by=work.actor.user_id,
        content=content,
    )
    work.session.add(run)
    if not as_draft:
        remember(work, named, mapping)
    work.session.flush()
    audit.record(work, "import.upload", import_run(run), after={"status": run.status, **_read_as(run)})
    work.nudge("imports")
    return run


def _channel(format_name: str, mapping: Mapping[str, str], channel: str) -> str:
    form = get_format(format_name)
    check_mapping(mapping)
    check_options(mapping)
    chosen = channel or form.channel
    if chosen and chosen not in CHANNELS:
        raise InvalidInputError(
            f"{chosen!r} is no channel.", place="channel", remedy=f"Use one of {', '.join(CHANNELS)}."
        )
    return chosen


def change_draft(
    work: Work, run_id: int, *, format_name: str, mapping: Mapping[str, str], channel: str, source: str
) -> None:
    """Read an uploaded file in another way; ConflictError when the run is no draft any more."""
    run = _draft(work, run_id)
    before = _read_as(run)
    run.channel = _channel(format_name, mapping, channel)
    run.format, run.mapping = format_name, dict(mapping)
    run.source = (source.strip() or _source_of(run.file_name))[:120]
    audit.record(work, "import.change", import_run(run), before=before, after=_read_as(run))


def preview_draft(work: Work, run_id: int) -> Preview:
    """What a draft would take in; ConflictError when it is no draft any more."""
    run = _draft(work, run_id)
    return preview(
        run.content or b"",
        run.format,
        run.mapping,
        now=work.now(),
        channel=run.channel,
        source=run.source,
        file_name=run.file_name,
    )


def release_import(work: Work, run_id: int) -> None:
    """Let the worker take a draft up; ConflictError when it is none any more."""
    run = _draft(work, run_id)
    audit.record(
        work, "import.start", import_run(run), before={"status": run.status}, after={"status": ImportStatus.WAITING}
    )
    run.status = ImportStatus.WAITING
    remember(work, run.source, run.mapping)
    work.nudge("imports")


def discard_draft(work: Work, run_id: int) -> None:
    """Throw an uploaded file away; ConflictError when it was released."""
    run = _draft(work, run_id)
    audit.record(work, "import.discard", import_run(run), before=_read_as(run), after={"status": "discarded"})
    work.session.delete(run)
    work.nudge("imports")


def _read_as(run: ImportRun) -> dict[str, Any]:
    """How a file is read, for the audit trail."""
    return {"format": run.format, "channel": run.channel, "source": run.source, "mapping": dict(run.mapping)}


def _draft(work: Work, run_id: int) -> ImportRun:
    run = get_run(work, run_id)
    if run.status != ImportStatus.DRAFT:
        raise ConflictError("This import has been started.", remedy="See how far it is on its page.")
    return run


def _source_of(file_name: str) -> str:
    """A file's name without its endings: the same file again is the same source."""
    return file_name.rsplit("/", 1)[-1].split(".", 1)[0] or "import"

"""A log of another system taken in: every row is new, changed, known, left out or failed, each with its place.

The same file again adds nothing: a visit is its case, activity and beginning; one that was open and has ended since is
changed. What stands in no diagram is kept under its name and said.
"""

from dataclasses import asdict
from pathlib import Path
from tempfile import NamedTemporaryFile

from sqlalchemy import func, select, update

from bpm import audit
from bpm.engine import queries as engine_queries
from bpm.foundation.errors import ConflictError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Transactions, Work
from bpm.processes.outside.diagram import Diagram, read_diagram
from bpm.processes.outside.models import OutsideProcess, OutsideRun, OutsideRunStatus, OutsideVisit
from bpm.processes.outside.reading import LogOptions, format_of, read_log
from bpm.processes.outside.taking import LogReport, place_again, take_rows, target_of, write_counts

LONGEST_PROCESS_KEY = 200
TRIES = 3
"""How often a file is begun whose worker died over it."""


def import_log(
    transactions: Transactions,
    path: Path,
    *,
    key: str,
    diagram: tuple[str, bytes] | None = None,
    options: LogOptions = LogOptions(),  # noqa: B008 -- frozen
    file_name: str = "",
) -> LogReport:
    """Take in a log of the process `key`, made where it is not known; `diagram` is a BPMN file (name, bytes).

    ConflictError when a process of that key runs here. InvalidInputError when the file or the diagram is none; a file
    that breaks off in the middle is reported with `problem`, and what came before stays.
    """
    file_name = file_name or path.name
    form = format_of(file_name)
    drawn = read_diagram(*diagram) if diagram else None
    with transactions() as work:
        run_id = begin_run(work, key=key, file_name=file_name, drawn=drawn, options=options)
    return take_in(transactions, run_id, path, form=form, options=options)


def begin_run(
    work: Work,
    *,
    key: str,
    file_name: str,
    drawn: Diagram | None = None,
    options: LogOptions = LogOptions(),  # noqa: B008 -- frozen
    content: bytes | None = None,
) -> int:
    """Begin a run of the process `key`; with `content` a worker takes it in. Gives the run's id.

    ConflictError when a process of that key runs here; InvalidInputError for a key or a file name that is none.
    """
    format_of(file_name)
    row = _process_of(work, key.strip(), drawn)
    run = OutsideRun(
        process_id=row.id, file_name=file_name[:300], problems=[], at=work.now(), user_id=work.actor.user_id,
        content=content, options=asdict(options),
        status=OutsideRunStatus.RUNNING if content is None else OutsideRunStatus.WAITING,
    )  # fmt: skip
    work.session.add(run)
    work.session.flush()
    if drawn:
        place_again(work, target_of(row))
    thing = audit.Thing("outside process", row.id, row.name)
    audit.record(work, "outside.import", thing, before={"run": None}, after={"run": run.id, "file": run.file_name})
    work.nudge("logs")
    return run.id


def _process_of(work: Work, key: str, drawn: Diagram | None) -> OutsideProcess:
    if not key or len(key) > LONGEST_PROCESS_KEY:
        raise InvalidInputError(
            _("A process needs a key of up to 200 characters."),
            place="process",
            remedy=_("Say --process KEY."),
            fields={"key": _("Give it a key.")},
        )
    if engine_queries.find_versions(work, key):
        raise ConflictError(
            _("The process “%(key)s” runs here and writes its own log.") % {"key": key},
            remedy=_("Give the process that runs elsewhere another key."),
        )
    row = work.session.scalar(select(OutsideProcess).where(OutsideProcess.key == key))
    if row is None:
        row = OutsideProcess(key=key, name=key, elements=[], created_at=work.now(), created_by=work.actor.user_id)
        work.session.add(row)
    if drawn:
        row.diagram, row.elements, row.name = drawn.xml, list(drawn.elements), drawn.name or row.name
    work.session.flush()
    return row


def take_in(transactions: Transactions, run_id: int, path: Path, *, form: str, options: LogOptions) -> LogReport:
    """Read a run's file from its beginning; what an earlier try took in is known by now."""
    with transactions.reading() as work:
        run = work.session.get_one(OutsideRun, run_id)
        row = work.session.get_one(OutsideProcess, run.process_id)
        target, report = target_of(row), LogReport(process=row.key, run=run_id)
    try:
        for batch in read_log(path, form, options):
            with transactions() as work:
                take_rows(work, target, report, batch)
    except InvalidInputError as error:
        report.problem = str(error)
    with transactions() as work:
        _end(work, report)
    return report


def sweep_logs(transactions: Transactions) -> int:
    """Take in the log that waits longest, if there is one; gives how many rows it had.

    One worker at a time does this. A run that its worker died over is read again from its beginning, and given up
    after `TRIES`.
    """
    with transactions() as work:
        run = work.session.scalar(
            select(OutsideRun)
            .where(OutsideRun.status.in_((OutsideRunStatus.WAITING, OutsideRunStatus.RUNNING)))
            .where(OutsideRun.content.is_not(None))
            .order_by(OutsideRun.id)
            .limit(1)
        )
        if run is None:
            return 0
        run.tries += 1
        run.status = OutsideRunStatus.RUNNING
        run_id, content, name, options, tries = run.id, run.content or b"", run.file_name, run.options, run.tries
        if tries > TRIES:
            run.status, run.content = OutsideRunStatus.FAILED, None
            run.problem = _("Whoever read it was ended %(times)s times, so it was given up.") % {"times": TRIES}
            return 1
    with NamedTemporaryFile(suffix=Path(name).suffix) as file:
        file.write(content)
        file.flush()
        report = take_in(transactions, run_id, Path(file.name), form=format_of(name), options=LogOptions(**options))
    return max(1, report.rows)


def _end(work: Work, report: LogReport) -> None:
    write_counts(work, report)
    ended = OutsideRunStatus.FAILED if report.problem else OutsideRunStatus.DONE
    problems = [asdict(each) for each in report.problems]
    work.session.execute(
        update(OutsideRun)
        .where(OutsideRun.id == report.run)
        .values(status=ended, content=None, problems=problems, problem=report.problem)
    )
    cases = select(func.count(OutsideVisit.case_id.distinct())).where(OutsideVisit.run_id == report.run)
    report.cases = work.session.scalar(cases) or 0

"""What `earshot doctor` looks at of clocks, workers, leases and imports: each look says what it saw, or raises."""

from datetime import timedelta

from bpm import mail
from bpm.app import App
from bpm.audit import remember, verify_new
from bpm.engine.queries import worker_checks
from bpm.engine.queries.worker_checks import Silent
from bpm.feedback.imports.checks import examine_imports
from bpm.foundation.errors import EarshotError
from bpm.foundation.texts import _
from bpm.search import compare
from bpm.wiring import SEARCHED

SHOWN = 5


def clocks(app: App) -> str:
    """This process's clock against the database's, and those of the workers by their heartbeats."""
    most = timedelta(seconds=app.settings.most_clock_skew)
    skew = app.skew()
    with app.unit_of_work.reading() as work:
        wrong = worker_checks.clock_problems(work, most)
    if problem := app.clock_problem():
        wrong.insert(0, f"here: {problem}")
    if wrong:
        raise EarshotError(
            "; ".join(wrong[:SHOWN]), remedy="Set the clocks by NTP; such a worker takes no work until then."
        )
    off = "not measured" if skew is None else f"{skew.total_seconds():+.3f} s"
    return f"this one against the database's: {off}; at most {most.total_seconds():.0f} s are allowed"


def workers(app: App) -> str:
    """Workers that live and are not heard of, and those that went without a word."""
    with app.unit_of_work.reading() as work:
        silent = worker_checks.silent_workers(work)
    frozen = [each for each in silent if each.lives and not each.busy]
    if frozen:
        raise EarshotError(
            "; ".join(f"{_named(each)}, though its process is there: it hangs in one thing" for each in frozen[:SHOWN]),
            remedy="Look at its log for what it took up last; end it (SIGTERM, twice if need be) and start it anew.",
        )
    told = "; ".join(f"{_named(each)} ({_state(each)})" for each in silent[:SHOWN])
    return f"{len(silent)} are silent: {told}" if silent else "none is silent that did not say goodbye"


def _named(silent: Silent) -> str:
    return f"worker {silent.worker.name} was last heard of {silent.since.total_seconds():.0f} s ago"


def _state(silent: Silent) -> str:
    if silent.busy:
        return "busy with a job whose lease it keeps"
    return "its process is gone" if silent.lives is False else "on another machine: whether it lives is not known here"


def leases(app: App) -> str:
    """Leases that no worker could have made, and those that ran out and were not taken up."""
    with app.unit_of_work.reading() as work:
        wrong = worker_checks.lease_problems(work)
    if wrong:
        raise EarshotError(
            "; ".join(wrong[:SHOWN]),
            remedy="A worker with a right clock takes them up at its next round. Start: earshot worker",
        )
    return "none is too long, none is forgotten"


def due_work(app: App) -> str:
    """Jobs and timers that fell due and wait."""
    with app.unit_of_work.reading() as work:
        found = worker_checks.overdue_work(work)
    if found:
        raise EarshotError("; ".join(found), remedy="Start: earshot worker. If one runs, see what it hangs in.")
    return "no job and no timer waits longer than five minutes"


def imports(app: App) -> str:
    """Imports that stand, that broke, and items that broke their reading."""
    with app.unit_of_work.reading() as work:
        state = examine_imports(work)
    if state.standing:
        raise EarshotError(
            "; ".join(state.standing[:SHOWN]),
            remedy="If it is large, wait; else undo it (earshot import --undo RUN), mend the file and import it again.",
        )
    told = f"{state.failed} failed and {state.unread} items could not be read, each with its reason in the Inbox"
    return told if state.failed or state.unread else "none stands, none failed"


def mails(app: App) -> str:
    """Mails that failed, were put off or perhaps went, with what the mail server said last."""
    with app.unit_of_work.reading() as work:
        trouble = mail.count_trouble(work)
    if trouble.is_there:
        told = f"{trouble.failed} failed, {trouble.delayed} put off, {trouble.perhaps_sent} perhaps sent."
        raise EarshotError(" ".join((told, trouble.last_error)).strip(), remedy=_("See: earshot mail list"))
    if mail.is_set_up(app.settings):
        return f"{trouble.waiting} wait for the worker"
    return f"mail is not set up; {trouble.waiting} wait. {mail.NOT_SET_UP}"


def audit_trail(app: App) -> str:
    """The chain since it was last found whole, and how many rows wait to be linked."""
    with app.unit_of_work.reading() as work:
        verdict = verify_new(work)
    if not verdict.is_whole:
        raise EarshotError(
            "; ".join(verdict.broken[:SHOWN]),
            remedy=_(
                "Look with: earshot audit verify. After an older backup was restored: earshot audit verify --accept"
            ),
        )
    with app.unit_of_work() as work:
        remember(work, verdict)
    return f"{verdict.position} links, {verdict.verified} of them looked at now; {verdict.unsealed} rows are unsealed"


def search_index(app: App) -> str:
    """What the index holds against the rows there are; while it is being filled, how far it is."""
    with app.unit_of_work.reading() as work:
        found = compare(work, SEARCHED)
    told = ", ".join(f"{each.held} of {each.rows} of the kind {each.kind}" for each in found)
    if wrong := [each for each in found if each.is_filled and not each.waiting and each.held != each.rows]:
        raise EarshotError(
            "; ".join(f"{each.held} of {each.rows} of the kind {each.kind} are held" for each in wrong),
            remedy=_("Build it anew: earshot search rebuild"),
        )
    filling = [each.kind for each in found if not each.is_filled and each.held < each.rows]
    return f"{told}; the worker is still filling in: {', '.join(filling)}" if filling else told


def unseen(dialect: str) -> list[str]:
    """What the doctor cannot see or does not ask, in words."""
    always = [
        "processes on other machines: whether they live (their heartbeats are looked at)",
        "clocks of web processes (their log names a skew when they measure one)",
        "free space on disks, backups, certificates and the proxy in front",
    ]
    if dialect == "sqlite":
        return [*always, "sessions, locks and listeners of a database server: there is none on SQLite"]
    return [*always, "replication and vacuum of PostgreSQL"]

"""What the worker runs, in order: a bounded amount of waiting work each, every piece in a transaction of its own."""

from bpm import audit, feedback, identity, mail, notices, processes, search
from bpm.engine import api as engine
from bpm.engine import teamwork
from bpm.feedback import classification, clocks, connectors, incidents, outbound, portal, promises, themes
from bpm.feedback.privacy.older_items import sweep_older_items
from bpm.feedback.privacy.retention import sweep_data
from bpm.foundation.rates.windows import forget_windows
from bpm.processes import (
    alarms,
    artefacts,
    causes,
    guards,
    outside,
    rollouts,
    routing,
    suggestions,
    surveys,
    verdicts,
)
from bpm.processes.erasure import write_over
from bpm.processes.measures import rollups
from bpm.processes.reports import sweep_report_mails
from bpm.product import App, Aside, Paced, Sweep
from bpm.statistics.bursts import Detector
from bpm.wiring import SEARCHED


def _forget_cases(app: App) -> int:
    return engine.sweep_retention(app.unit_of_work) + engine.sweep_uploads(app.unit_of_work)


def _forget_arrivals(app: App) -> int:
    from bpm.identity import oidc

    return oidc.forget_arrivals(app.unit_of_work)


def all_sweeps() -> tuple[tuple[str, Sweep], ...]:
    """(name, sweep) of every room."""
    return (
        ("timers", lambda app: engine.sweep_timers(app.unit_of_work)),
        ("jobs", App.sweep_jobs),
        ("batches", lambda app: engine.sweep_batches(app.unit_of_work)),
        ("imports", lambda app: feedback.sweep_imports(app.unit_of_work)),
        ("logs", Paced(lambda app: outside.sweep_logs(app.unit_of_work), seconds=2.0)),
        ("connectors", Paced(Aside(_poll_connectors, name="connectors"), seconds=2.0)),
        ("classification", lambda app: classification.sweep_classification(app.unit_of_work)),
        ("topics", Paced(_Topics(), seconds=3.0)),
        ("clocks", lambda app: clocks.sweep_clocks(app.unit_of_work)),
        ("clock alerts", Paced(_tell_of_clocks)),
        ("themes", Paced(lambda app: themes.sweep_themes(app.unit_of_work), seconds=3.0)),
        ("commands", Paced(lambda app: identity.forget_commands(app.unit_of_work))),
        ("sessions", Paced(lambda app: identity.forget_sessions(app.unit_of_work))),
        ("one-time links", Paced(lambda app: identity.forget_links(app.unit_of_work))),
        ("arrivals", Paced(_forget_arrivals, seconds=600.0, first_after=60.0)),
        ("surveys", Paced(lambda app: surveys.sweep_surveys(app.unit_of_work), seconds=30.0)),
        ("portal codes", Paced(lambda app: portal.forget_codes(app.unit_of_work), seconds=600.0, first_after=60.0)),
        ("login attempts", Paced(lambda app: identity.forget_attempts(app.unit_of_work))),
        ("rate windows", Paced(lambda app: forget_windows(app.unit_of_work))),
        ("retention", Paced(_forget_cases)),
        ("replays", lambda app: engine.sweep_replays(app.unit_of_work)),
        ("audit trail", lambda app: audit.sweep_unsealed(app.unit_of_work)),
        ("mail", lambda app: mail.sweep_mail(app.unit_of_work)),
        ("notices", lambda app: notices.sweep_cues(app.unit_of_work, processes.TELLERS)),
        ("outbox", Paced(Aside(_send_out, name="outbox"), seconds=1.0)),
        ("incidents", Paced(_Incidents(), seconds=20.0)),
        ("incident updates", Paced(lambda app: incidents.sweep_updates(app.unit_of_work), seconds=1.0)),
        ("guards", Paced(lambda app: guards.sweep_guards(app.unit_of_work), seconds=20.0)),
        ("rollouts", Paced(lambda app: rollouts.sweep_rollouts(app.unit_of_work))),
        ("older notices", Paced(_look_after_notices)),
        ("assignments", Paced(lambda app: routing.sweep_assignments(app.unit_of_work))),
        ("report mails", Paced(lambda app: sweep_report_mails(app.unit_of_work), seconds=60.0, first_after=5.0)),
        ("measures", Paced(lambda app: rollups.sweep_rollups(app.unit_of_work), seconds=20.0, first_after=20.0)),
        ("promises", Paced(lambda app: promises.sweep_promises(app.unit_of_work))),
        ("verdicts", Paced(lambda app: verdicts.sweep_verdicts(app.unit_of_work), seconds=60.0, first_after=30.0)),
        ("drawings", Paced(lambda app: engine.sweep_drawings(app.unit_of_work), seconds=10.0, first_after=60.0)),
        ("older items", Paced(lambda app: sweep_older_items(app.unit_of_work))),
        ("erasures", Paced(lambda app: write_over(app.database, app.unit_of_work), seconds=30.0)),
        ("private data", Paced(lambda app: sweep_data(app.unit_of_work), seconds=30.0)),
        ("search", Paced(lambda app: search.sweep_waiting(app.unit_of_work, SEARCHED), seconds=1.0)),
        ("causes", Paced(lambda app: causes.sweep_causes(app.unit_of_work), seconds=2.0)),
        ("artefacts", Paced(lambda app: artefacts.sweep_artefacts(app.unit_of_work), seconds=3.0)),
        ("suggestions", Paced(lambda app: suggestions.sweep_suggestions(app.unit_of_work), seconds=5.0)),
        ("search of before", Paced(lambda app: search.sweep_missing(app.unit_of_work, SEARCHED), seconds=2.0)),
        ("alarms", Paced(Aside(_watch_series, name="alarms"), seconds=60.0, first_after=60.0)),
        ("heartbeat", App.beat),
    )


def _tell_of_clocks(app: App) -> int:
    work = app.unit_of_work
    return clocks.sweep_snoozed(work) + clocks.sweep_clock_alerts(work)


def _watch_series(app: App) -> int:
    return alarms.sweep_alarms(app.unit_of_work)


def _send_out(app: App) -> int:
    return outbound.sweep_outbound(app.unit_of_work)


class _Incidents:
    """Bursts become incidents, incidents calm down, and promised words fall due; the detector lives in the worker."""

    def __init__(self) -> None:
        self._watch = incidents.IncidentWatch(Detector)

    def __call__(self, app: App) -> int:
        """How much there was to do."""
        work = app.unit_of_work
        return self._watch(work) + incidents.sweep_incidents(work) + incidents.sweep_due_updates(work)


class _Topics:
    """Learning takes a minute: beside the other sweeps, in a thread that is there only while there is something."""

    def __init__(self) -> None:
        self._aside = Aside(self._learn, name="topics")

    @staticmethod
    def _learn(app: App) -> int:
        work = app.unit_of_work
        return classification.sweep_topic_trainings(work) + classification.sweep_kind_trainings(work)

    def __call__(self, app: App) -> int:
        work = app.unit_of_work
        return self._aside(app) if classification.topics_wait(work) or classification.kinds_wait(work) else 0


def _poll_connectors(app: App) -> int:
    return connectors.sweep_connectors(app.unit_of_work)


def _look_after_notices(app: App) -> int:
    """What notices need that can wait some seconds: due tasks, new tasks of groups, what is over, digests, the old."""
    work = app.unit_of_work
    return (
        processes.sweep_due(work)
        + processes.sweep_offers(work)
        + processes.sweep_settled(work)
        + processes.sweep_watched(work)
        + teamwork.sweep_absences(work)
        + processes.sweep_deputies(work)
        + notices.sweep_digests(work)
        + notices.forget_notices(work)
        + mail.forget_mail(work)
    )

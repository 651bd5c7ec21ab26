"""The demo's outage, minute by minute: noticed, acknowledged in public, told, worked round, over, and learnt from."""

from datetime import datetime, timedelta

from sqlalchemy import select

from bpm.app import App
from bpm.demo import story
from bpm.demo.scenes.acts import Act, Acts
from bpm.feedback import incidents
from bpm.feedback.incidents import IncidentWatch
from bpm.feedback.models import ContactPoint, FeedbackItem, Incident
from bpm.feedback.people.consent import give_consent
from bpm.feedback.status import IncidentStatus
from bpm.foundation.work import Actor, Work
from bpm.processes import guards, lessons
from bpm.statistics.bursts import Detector

KNOWN = (
    "We know that internet and telephone are down in the Old Harbour and at Quay Street since about seven. Our "
    "technicians are on their way. Nobody there has to do anything for now."
)
CABLE = "An excavator cut a cable in Quay Street. It is being joined again; that takes until about noon."
ROUND = "Most lines at the quay are back. Where it does not work yet, the cable is the reason and not your router."
OVER = "Everything works again since noon. Thank you for your patience, and to all who wrote to us."
REASON = "An excavator cut a cable in Quay Street; the works were known to the city, and not to us."
LESSON = "Ask the city once a week where it digs, and tell the streets the day before"
POINTS = (("speed", 2, "The first word came late, and the status page was green."),)


class Outage:
    """What people do about it, by the clock of the story."""

    def __init__(self, app: App, actors: dict[str, Actor]) -> None:
        self.app, self.actors = app, actors
        self._watch = IncidentWatch(Detector)
        self._incident = self._workaround = 0

    def acts(self, until: datetime) -> Acts:
        """(instant, what is done) in order, for a story that ends at `until`."""
        began = until - story.OUTAGE_BEGAN
        acts: list[tuple[timedelta, Act]] = [
            (timedelta(hours=-1), self._look),
            (timedelta(minutes=14), self._look),
            (timedelta(minutes=26), self._notice),
            (timedelta(minutes=31), self._acknowledge),
            (timedelta(minutes=55), self._tell_of_the_cable),
            (timedelta(minutes=62), self._find_a_way_round),
            (timedelta(minutes=80), self._try_it),
            (timedelta(minutes=95), self._pass_it_on),
            (timedelta(hours=4, minutes=10), self._mended),
            (timedelta(hours=5), self._over),
            (timedelta(days=1, hours=2), self._learn),
        ]
        return [(began + after, act) for after, act in acts]

    def _look(self) -> None:
        """The detector is fed with what was read since."""
        self._watch(self.app.unit_of_work)

    def _notice(self) -> None:
        """What the detector proposed is taken seriously; where it saw nothing, Ada opens it by hand."""
        self._look()
        with self.app.unit_of_work(self.actors["ada"]) as work:
            row = work.session.scalar(select(Incident).order_by(Incident.id.desc()).limit(1))
            if row is None:
                said = select(FeedbackItem.id).where(FeedbackItem.author_handle.startswith("@harbour_"))
                ids = list(work.session.scalars(said))
                row = incidents.open_incident(work, "No internet at the Old Harbour", item_ids=ids)
            elif row.status is IncidentStatus.POSSIBLE:
                incidents.propose(work, row.id)
            incidents.set_severity(work, row.id, 2)
            self._incident = row.id

    def _acknowledge(self) -> None:
        with self.app.unit_of_work(self.actors["ada"]) as work:
            incidents.acknowledge(work, self._incident, KNOWN, next_at=work.now() + timedelta(minutes=30))
        self._send()

    def _tell_of_the_cable(self) -> None:
        self._look()
        with self.app.unit_of_work(self.actors["noor"]) as work:
            incidents.send_update(work, self._incident, CABLE, next_at=work.now() + timedelta(hours=1))
        self._send()

    def _find_a_way_round(self) -> None:
        with self.app.unit_of_work(self.actors["ada"]) as work:
            item = _who_found_it(work)
            if item is not None:
                words = "Set the DNS of the router by hand to another server: the telephone stays dead, the net works."
                self._workaround = incidents.add_workaround(work, self._incident, item.id, words).id

    def _try_it(self) -> None:
        """Ivan tries it; who found it agrees to be named."""
        if not self._workaround:
            return
        with self.app.unit_of_work(self.actors["ivan"]) as work:
            incidents.verify_workaround(work, self._workaround, "Tried at three lines of the quay: it works.")
        with self.app.unit_of_work(self.actors["ada"]) as work:
            item = _who_found_it(work)
            point = item and work.session.scalar(
                select(ContactPoint.id).where(ContactPoint.customer_id == item.customer_id).limit(1)
            )
            if item is not None and point:
                give_consent(
                    work, point, purpose="public quote", channel=item.channel, given_by="Wrote back: yes, gladly."
                )
                incidents.credit(work, self._workaround, item.author_name)

    def _pass_it_on(self) -> None:
        found = [self._workaround] if self._workaround else []
        with self.app.unit_of_work(self.actors["ada"]) as work:
            incidents.send_update(
                work, self._incident, ROUND, next_at=work.now() + timedelta(hours=3), workarounds=found
            )
        self._send()

    def _mended(self) -> None:
        self._look()
        with self.app.unit_of_work(self.actors["noor"]) as work:
            incidents.watch(work, self._incident)

    def _over(self) -> None:
        """Told to all who are linked to it; tasks that waited because of it go on."""
        with self.app.unit_of_work(self.actors["ada"]) as work:
            incidents.resolve(work, self._incident, reason=REASON, text=OVER)
        self._send()
        guards.sweep_guards(self.app.unit_of_work)

    def _learn(self) -> None:
        """What it taught, and how well it was responded to."""
        with self.app.unit_of_work(self.actors["ada"]) as work:
            why = "We heard of the works from our customers. The city tells everybody who asks."
            lessons.record_lesson(work, self._incident, title=LESSON, description=why, key="outage")
            for side, points, words in POINTS:
                incidents.give_points(work, self._incident, side, points, words)

    def _send(self) -> None:
        while incidents.sweep_updates(self.app.unit_of_work):
            pass


def _who_found_it(work: Work) -> FeedbackItem | None:
    return work.session.scalar(
        select(FeedbackItem).where(FeedbackItem.text.contains("setting the DNS by hand")).limit(1)
    )

"""Customers of the demo are asked how it was after their matter was closed: most answer, one wants not to be asked."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from bpm import mail
from bpm.app import App
from bpm.demo.scenes.acts import Acts
from bpm.feedback.models import Episode, FeedbackItem, SurveyInvitation
from bpm.feedback.people.correcting import add_address
from bpm.feedback.portal.keys import word_of
from bpm.feedback.status import Voice
from bpm.foundation.errors import EarshotError
from bpm.foundation.telemetry import logger
from bpm.foundation.work import Actor
from bpm.processes import surveys

log = logger(__name__)

BEGAN = timedelta(days=12)
ROUNDS = 6
"""Days on which closed matters are asked about; people answer the day after."""
A_DAY = 4
"""Customers who left their address with the desk that day, and so can be asked."""
ANSWERS = (
    ("Quick and friendly, and the money was there two days later.", 5),
    ("It took three mails, but in the end somebody understood what I meant.", 3),
    ("I was told that it is settled. It is, but I had to ask twice.", 3),
    ("Easy. One call.", 5),
    ("Nobody said how long it would take. Apart from that, fine.", 4),
    ("I still do not know why it happened.", 2),
    ("Very kind, and done the same day.", 5),
)
ANSWER, STOP = 0.75, 0.08
"""How often who was asked answers, and how often they want not to be asked again."""


class Asked:
    """What the survey does by the clock of the story, whatever the company's setting is."""

    def __init__(self, app: App, actors: dict[str, Actor]) -> None:
        settings = app.settings.model_copy(update={"surveys": True, "survey_hours": (1,)})
        self.app, self.actors = app, actors
        self._asking = replace(app.unit_of_work, settings=settings)
        self._draw = Random(17)  # noqa: S311 (a story, not a secret)

    def acts(self, until: datetime) -> Acts:
        """(instant, what is done) in order, for a story that ends at `until`."""
        morning = until.replace(hour=10, minute=0, second=0, microsecond=0) - BEGAN
        days = [morning + timedelta(days=place) for place in range(ROUNDS)]
        return [(day, self._ask) for day in days] + [(day + timedelta(hours=6), self._answer) for day in days]

    def _ask(self) -> None:
        """The desk writes down addresses of some whose matter is closed; then the survey asks whom it may."""
        with self.app.unit_of_work(self.actors["ada"]) as work:
            closed = (
                select(FeedbackItem.customer_id, FeedbackItem.author_name)
                .join(Episode, Episode.id == FeedbackItem.episode_id)
                .where(FeedbackItem.current, FeedbackItem.voice == Voice.CUSTOMER, FeedbackItem.author_name != "")
                .where(Episode.closed_at > work.now() - timedelta(days=2), FeedbackItem.decision.is_not(None))
                .order_by(Episode.closed_at.desc(), FeedbackItem.id)
            )
            rows = {row.customer_id: row.author_name for row in work.session.execute(closed)}
            known = set(work.session.scalars(select(SurveyInvitation.customer_id)))
            for customer_id in [each for each in rows if each not in known][:A_DAY]:
                name = ".".join(rows[customer_id].lower().split()).encode("ascii", "ignore").decode()
                try:
                    with work.session.begin_nested():
                        add_address(work, customer_id or 0, f"{name}@customers.example")
                except EarshotError as error:
                    log.debug("no address was added", customer=customer_id, reason=str(error))
        self._sweep()

    def _answer(self) -> None:
        """They are asked an hour after their matter was closed; who answers does so on the same day."""
        self._sweep()
        with self.app.unit_of_work() as work:
            mail.withdraw_waiting(work, "survey")  # nobody lives at these addresses
            asked = work.session.scalars(
                select(SurveyInvitation)
                .where(SurveyInvitation.sent_at.is_not(None), SurveyInvitation.answered_at.is_(None))
                .where(SurveyInvitation.stopped_because == "")
                .order_by(SurveyInvitation.id)
            ).all()
            for row in asked:
                word, chance = word_of(work, salt=row.salt, key_id=row.key_id), self._draw.random()
                if chance < STOP:
                    surveys.stop_asking(work, word)
                elif chance < ANSWER:
                    words, number = self._draw.choice(ANSWERS)
                    surveys.answer(work, word, surveys.Answer(words, number))

    def _sweep(self) -> None:
        while surveys.sweep_surveys(self._asking):
            pass

"""The demo's customers are told of a delay before they ask; chance holds some out, so that one knows if it helped."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from bpm.app import App
from bpm.demo.scenes.acts import Acts
from bpm.feedback.models import Classification, FeedbackItem, Theme, ThemeItem
from bpm.foundation.errors import EarshotError
from bpm.foundation.telemetry import logger
from bpm.foundation.work import Actor
from bpm.processes import hold_outs
from bpm.processes.hold_outs import NoticeDraft

log = logger(__name__)

BEGAN = timedelta(days=15, hours=8)
TOPIC = "delivery"
TITLE = "The depot moves: parcels come two days later"
WORDS = (
    "Hello {{name}},\n\nour depot moves over the weekend, so that parcels of this week come up to two days later. You "
    "need not do anything; where an order is stands on your page.\n\n{{author}}, Brightwave"
)


class Ahead:
    """What is told ahead by the clock of the story."""

    def __init__(self, app: App, actors: dict[str, Actor]) -> None:
        self.app, self.actors = app, actors

    def acts(self, until: datetime) -> Acts:
        """(instant, what is done) in order, for a story that ends at `until`."""
        return [(until - BEGAN, self._tell)]

    def _tell(self) -> None:
        """Those who spoke of a delivery lately are told, but for three in ten."""
        with self.app.unit_of_work(self.actors["ada"]) as work:
            theme = work.session.scalar(
                select(Theme.counts_in_id)
                .join(ThemeItem, ThemeItem.theme_id == Theme.id)
                .join(FeedbackItem, FeedbackItem.id == ThemeItem.item_id)
                .join(Classification, (Classification.item_id == FeedbackItem.id) & Classification.current)
                .where(Classification.topic.startswith(TOPIC))
                .group_by(Theme.counts_in_id)
                .order_by(func.count().desc(), Theme.counts_in_id)
                .limit(1)
            )
        if theme is None:
            return
        try:
            with self.app.unit_of_work(self.actors["ada"]) as work:
                notice = hold_outs.prepare_notice(work, NoticeDraft(TITLE, WORDS, theme_id=theme, share=0.3, days=14))
                hold_outs.send_notice(work, notice)
        except EarshotError as error:  # a shortened story has nobody yet who spoke of it
            log.debug("nobody was told ahead", reason=str(error))

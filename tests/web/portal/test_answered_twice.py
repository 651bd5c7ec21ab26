"""An answer to a survey comes in once, from however many tabs, and machines that look at links change nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from bpm.app import App
from bpm.audit.models import AuditWaiting
from bpm.feedback.models import Consent, FeedbackItem, SurveyInvitation
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError
from bpm.processes import surveys
from bpm.processes.surveys import Answer
from tests.web.conftest import Browser
from tests.web.portal.conftest import Customer
from tests.web.portal.test_surveys import Hear, mails, path_in, settings, settle, sweep

__all__ = ["settings"]  # fixtures


@pytest.fixture
def path(app: App, advocate: Browser, hear: Hear, clock: FixedClock) -> str:
    """Where the one question is answered."""
    settle(app, hear("My parcel never came."))
    clock.advance(timedelta(hours=3))
    sweep(app)
    return path_in(mails(app)[0])


@pytest.mark.both_databases
def test_two_tabs_that_answer_at_once_are_one_answer(app: App, path: str) -> None:
    together = Barrier(2)

    def answer(words: str) -> str:
        together.wait(10)
        try:
            with app.unit_of_work() as work:
                surveys.answer(work, path.rpartition("/")[2], Answer(words, 4))
        except ConflictError:
            return "answered already"
        return words

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(answer, ("Quick, thanks.", "Quick, thank you.")))
    assert outcomes.count("answered already") == 1
    with app.unit_of_work.reading() as work:
        said = work.session.scalars(select(FeedbackItem).where(FeedbackItem.channel == "survey")).all()
        assert [each.text for each in said] == [each for each in outcomes if each != "answered already"]


def test_a_scanner_that_opens_every_link_of_the_mail_answers_nothing_and_ends_nothing(
    app: App, customer: Customer, path: str
) -> None:
    with app.unit_of_work.reading() as work:
        before = work.session.scalar(select(func.count()).select_from(AuditWaiting))
    for opened in (path, f"{path}/stop"):
        assert customer.client.head(opened).status_code == 200
        assert customer.client.get(opened, headers={"Purpose": "prefetch"}).status_code == 200
        assert customer.client.options(opened).status_code in (200, 204)
    with app.unit_of_work.reading() as work:
        row = work.session.scalars(select(SurveyInvitation)).one()
        assert (row.answered_at, row.stopped_because) == (None, "")
        assert work.session.scalar(select(func.count()).select_from(Consent)) == 0
        assert work.session.scalar(select(func.count()).select_from(AuditWaiting)) == before

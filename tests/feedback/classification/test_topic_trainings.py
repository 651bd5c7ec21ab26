"""Topics learned in the browser: by the worker, with how far it is; older items are read again and nothing is lost."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from bpm import feedback
from bpm.app import App
from bpm.feedback import classification
from bpm.feedback.classification import Trust, trust_of
from bpm.feedback.models import Classification
from bpm.feedback.status import RereadStatus, TopicTrainingStatus
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.work import Actor
from tests.feedback.classification.test_company_topics import TOPICS
from tests.feedback.conftest import reading

CSV = "text,topic\n" + "\n".join(
    f"{text} {'please' if n % 2 else 'again'} number {n},{topic}"
    for topic, texts in TOPICS.items()
    for text in texts
    for n in range(6)
)


def test_examples_are_learned_put_in_service_and_older_items_read_again_with_the_old_reading_kept(
    app: App, advocate: Actor, receive: Callable[..., int]
) -> None:
    old, said = receive("The lawn is brown and full of moss"), receive("The oven does not heat")
    with app.unit_of_work(advocate) as work:
        feedback.record_classifications(work, {old: reading(topic="quality"), said: reading(topic="quality")})
        feedback.correct(work, said, topic="Kitchen / Ovens")
        training = classification.start_topic_training(work, CSV.encode(), file_name="garden.csv")
    assert classification.topics_wait(app.unit_of_work)
    assert classification.sweep_topic_trainings(app.unit_of_work) == 1
    with app.unit_of_work(advocate) as work:
        (row,) = classification.list_topic_trainings(work)
        assert row.status is TopicTrainingStatus.IN_SERVICE
        assert (row.report["items"], row.report["topics"]) == (72, 3)
        assert row.report["accuracy"] > 0.8
        assert (row.reread, row.total) == (RereadStatus.RUNNING, 1)
        classification.pause_rereading(work, training, paused=True)
    assert not classification.topics_wait(app.unit_of_work)
    with app.unit_of_work(advocate) as work:
        classification.pause_rereading(work, training, paused=False)
    while classification.sweep_topic_trainings(app.unit_of_work):
        pass
    with app.unit_of_work.reading() as work:
        (row,) = classification.list_topic_trainings(work)
        assert (row.reread, row.done, row.changed) == (RereadStatus.DONE, 1, 1)
        kept = work.session.scalars(
            select(Classification).where(Classification.item_id == old).order_by(Classification.id)
        )
        assert [(each.topic, each.current) for each in kept] == [("quality", False), ("Garden / Lawn", True)]
        current = select(Classification.topic).where(Classification.item_id == said, Classification.current)
        assert work.session.scalar(current) == "Kitchen / Ovens", "what a person said stays"


def test_a_file_that_cannot_be_learned_says_why(app: App, advocate: Actor) -> None:
    with app.unit_of_work(advocate) as work:
        classification.start_topic_training(work, b"text,topic\nonly one,Kitchen\n", file_name="few.csv")
        with pytest.raises(InvalidInputError):
            classification.start_topic_training(work, b"", file_name="empty.csv")
    classification.sweep_topic_trainings(app.unit_of_work)
    with app.unit_of_work.reading() as work:
        (row,) = classification.list_topic_trainings(work)
        assert row.status is TopicTrainingStatus.FAILED
        assert "not enough topics" in row.problem


def test_trust_grows_with_what_people_let_stand_and_falls_again() -> None:
    assert trust_of(0, 0) is Trust.HINT
    assert trust_of(5, 5) is Trust.HINT, "five lucky cases promote nothing"
    assert trust_of(18, 20) is Trust.HINT
    assert trust_of(45, 50) is Trust.PRESELECTED
    assert trust_of(98, 100) is Trust.AUTOMATIC
    assert trust_of(98, 120) is Trust.PRESELECTED
    assert trust_of(20, 60) is Trust.HINT

"""Kinds learned from corrections in the browser: by the worker in a child, in service only when not worse."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import pytest

from bpm import feedback
from bpm.app import App
from bpm.feedback import classification
from bpm.feedback.classification import kind_trainings
from bpm.feedback.classification.in_service import SHIPPED, path_in_service
from bpm.feedback.classification.pipeline import pipeline
from bpm.feedback.classification.train import corpus, kinds_child, train
from bpm.feedback.classification.train.corpus import Labelled
from bpm.feedback.status import TopicTrainingStatus
from bpm.foundation.bounded_child import ChildLostError, read_frame
from bpm.foundation.work import Actor
from tests.feedback.conftest import reading


class Answers:
    """Stands in for the child: what it is sent, and what it says."""

    def __init__(self, frames: list[bytes]) -> None:
        self.sent: list[bytes] = []
        self.frames, self.over = frames, False

    def __call__(self, module: str) -> "Answers":
        assert module == kinds_child.__name__
        return self

    @contextmanager
    def conversation(self) -> Iterator["Answers"]:
        yield self

    def send(self, frame: bytes) -> None:
        self.sent.append(frame)

    def receive(self, seconds: float) -> bytes:
        if not self.frames:
            raise ChildLostError("timeout")
        return self.frames.pop(0)

    def stop(self) -> None:
        pass


def report(**told: Any) -> bytes:
    return json.dumps({"corrected": 1, "older": 0.7, "newer": 0.8, "n": 40, "not_worse": True} | told).encode()


def test_a_training_goes_into_service_only_when_it_is_not_worse(
    app: App, advocate: Actor, receive: Callable[..., int], small: train.Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = receive("Send it again, please")
    with app.unit_of_work(advocate) as work:
        feedback.record_classifications(work, {item: reading(primary="complaint")})
        feedback.correct(work, item, primary="request")
    trained = small.nlp.to_bytes()
    tries = (
        ([report(not_worse=False), trained], TopicTrainingStatus.NOT_AS_GOOD),
        ([], TopicTrainingStatus.FAILED),
        ([report(), trained], TopicTrainingStatus.IN_SERVICE),
    )
    shipped = path_in_service(app.settings)
    for frames, status in tries:
        assert path_in_service(app.settings) == shipped
        child = Answers(frames)
        monkeypatch.setattr(kind_trainings, "BoundedChild", child)
        with app.unit_of_work(advocate) as work:
            classification.start_kind_training(work)
        assert classification.kinds_wait(app.unit_of_work)
        assert classification.sweep_kind_trainings(app.unit_of_work) == 1
        assert not classification.kinds_wait(app.unit_of_work)
        (lesson,) = json.loads(child.sent[1])
        assert (lesson["text"], lesson["kinds"]) == ("Send it again, please", ["request"])
        with app.unit_of_work.reading() as work:
            assert classification.list_kind_trainings(work)[0].status is status
    learned = pipeline.load(path_in_service(app.settings))
    assert learned.meta["version"] == small.nlp.meta["version"]


def test_the_child_learns_the_corrections_and_says_how_both_did(
    few: list[Labelled], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus, "read_shipped", lambda: few[:80])
    answers = io.BytesIO()
    lessons = [asdict(item) | {"text": f"{item.text} ({place})"} for place, item in enumerate(few[80:104])]
    kinds_child._learn(str(SHIPPED), json.dumps(lessons).encode(), answers)
    answers.seek(0)
    told = json.loads(read_frame(answers) or b"")
    assert (told["items"], told["corrected"], told["n"]) == (104, 24, 12)
    assert pipeline.blank().from_bytes(read_frame(answers) or b"").meta["earshot"]["items"] == 104

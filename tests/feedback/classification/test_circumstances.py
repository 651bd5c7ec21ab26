"""What is known beside the words: what a question is for, and that an answer is read with it."""

import numpy as np
import pytest

from bpm.feedback.classification.pipeline.circumstances import CIRCUMSTANCES, circumstances, purposes


@pytest.mark.parametrize(
    ("question", "purpose"),
    [
        ("What did you like most about your stay?", "likes"),
        ("What are we doing well?", "likes"),
        ("What did you like least?", "dislikes"),
        ("What problems did you run into?", "dislikes"),
        ("What could we do better?", "wishes"),
        ("Which features are you missing?", "wishes"),
        ("If you could change one thing, what would it be?", "wishes"),
        ("Why are you leaving us?", "leaves"),
        ("What is the main reason for your score?", "reasons"),
        ("Anything else you would like to tell us?", "comments"),
        ("Which region do you live in?", "something else"),
    ],
)
def test_a_question_is_known_by_what_it_is_for(question: str, purpose: str) -> None:
    assert purpose in purposes(question)


def test_what_is_liked_least_is_not_liked() -> None:
    assert "likes" not in purposes("What do you like least about the portal?")


def test_nothing_known_beside_the_words_changes_nothing() -> None:
    assert not circumstances("support for maps", 3, {}, question="", rating=None).any()


def test_the_same_answer_to_another_question_is_another_thing() -> None:
    wish, like = (
        circumstances("support for maps", 3, {}, question=question, rating=None)
        for question in ("What should we improve?", "What do you like best?")
    )
    assert (wish != like).any()


@pytest.mark.parametrize(("low", "high"), [(1, 5), (2, 4), (3, 9), (6, 10), (5, 4), (50, 5)])
def test_ratings_that_mean_something_else_are_told_apart(low: float, high: float) -> None:
    one, other = (circumstances("", 0, {}, question="", rating=rating) for rating in (low, high))
    assert np.flatnonzero(one).tolist() != np.flatnonzero(other).tolist()
    assert len(one) == len(CIRCUMSTANCES)


def test_an_answer_that_names_nothing_is_seen() -> None:
    place = CIRCUMSTANCES.index("asked: wishes, answered: nothing")
    for text in ("Nothing", "no complaints", "N/A", "Can't think of anything", "everything was fine"):
        assert circumstances(text, 2, {}, question="What could we improve?", rating=None)[place]
    assert not circumstances("More seats", 2, {}, question="What could we improve?", rating=None)[place]

"""What an error says is a sentence, and what to do about it another one."""

import pytest

from bpm.foundation.errors import EarshotError


@pytest.mark.parametrize(
    ("message", "remedy", "place", "said"),
    [
        ("division by zero", "Correct the script.", "", "division by zero. Correct the script."),
        ("There is no such file.", "Name one.", "a.csv", "a.csv: There is no such file. Name one."),
        ("Really?", "Look again.", "", "Really? Look again."),
        ("Nothing to add", "", "", "Nothing to add"),
    ],
)
def test_the_remedy_is_a_sentence_of_its_own(message: str, remedy: str, place: str, said: str) -> None:
    assert str(EarshotError(message, remedy=remedy, place=place)) == said

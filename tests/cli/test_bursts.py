"""`earshot bursts` replays a stream: an outage in the morning is proposed, praise afterwards is a hint and no alarm."""

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from bpm.cli.bursts import bursts

START = datetime(2026, 3, 2, tzinfo=UTC)
BAD = [
    "My parcel arrived broken and nobody cares",
    "I was charged twice for one order, this is terrible",
    "Waited forty minutes on hold, awful service",
    "The courier left my package in the rain, so disappointed",
]
DOWN = [
    "Internet is down again in Vermont, no connection at all",
    "Is the internet down? Nothing works in Vermont",
    "No internet connection since this morning, total outage",
    "Outage in Vermont, internet not working, phone not working",
]
THANKS = [
    "Thank you so much, the internet is back, great work!",
    "Brilliant team, it works again, thank you very much!",
]


def _stream() -> list[dict[str, str]]:
    rng = random.Random(4)
    rows = []

    def say(at: datetime, words: list[str], author: str) -> None:
        rows.append({"text": rng.choice(words), "said_at": at.isoformat(), "channel": "social", "author": author})

    for day in range(21):
        for number in range(rng.randint(6, 12)):
            say(START + timedelta(days=day, hours=rng.uniform(7, 21)), BAD, f"c{day}-{number}")
        for number in range(rng.randint(1, 3)):
            say(START + timedelta(days=day, hours=rng.uniform(7, 21)), THANKS, f"p{day}-{number}")
    morning = START + timedelta(days=21, hours=7, minutes=30)
    for number in range(120):
        say(morning + timedelta(minutes=number), DOWN, f"v{number}")
    for number in range(40):
        say(morning + timedelta(minutes=125 + number / 3), THANKS, f"t{number}")
    return rows


def test_a_morning_outage_is_proposed_and_named_by_its_own_words(tmp_path: Path) -> None:
    file = tmp_path / "stream.jsonl"
    lines = [json.dumps(row) for row in _stream()] + [json.dumps({"text": "no date at all", "channel": "social"})]
    file.write_text("\n".join(lines))
    result = CliRunner().invoke(bursts, [str(file), "--json"], catch_exceptions=False)
    answer = json.loads(result.stdout)
    proposed = [each for each in answer["alerts"] if each["level"] == "proposed"]
    assert len(proposed) == 1
    assert "2026-03-23T07:30" < proposed[0]["at"] <= "2026-03-23T07:45"
    assert "internet" in proposed[0]["theme"].split()
    assert proposed[0]["observed"] >= 2
    assert len(answer["alerts"]) <= 2
    assert answer["expected_false_per_week"] == pytest.approx(0.5)
    assert answer["undated"] == 1
    assert answer["all_clear"]
    assert answer["all_clear"][0]["at"] > "2026-03-23T09:30"

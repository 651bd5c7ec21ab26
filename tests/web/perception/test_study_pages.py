"""A study in the browser: begun, answered by colleagues, imported, drawn, closed."""

import io
from collections.abc import Callable

from tests.processes.perception.test_gap import REASONS, table
from tests.web.conftest import Browser


def test_a_study_is_begun_answered_and_shows_its_gap(signed_in: Callable[..., Browser]) -> None:
    stella, mona = signed_in("stella", "staff"), signed_in("mona", "manager")
    page = mona.see("/insights/perception")
    assert "No study yet" in page
    assert "Order of the four named reasons; tau -0.67" in page
    assert "80 % of 362 companies" in page
    assert "Write 3 to 20 things" in mona.do("/insights/perception", {"title": "x", "question": "y", "items": "one"})
    made = {"title": "Why they follow us", "question": "Why do customers follow us?", "items": "\n".join(REASONS)}
    assert "Not shown yet" in mona.do("/insights/perception", made)
    path = "/insights/perception/1"
    assert "colleagues were asked" in mona.do(f"{path}/invitation")
    assert "Your view is asked for: Why they follow us" in stella.see("/notices")
    places = {f"place-{number}": str(number + 1) for number in range(6)}
    assert "its own place" in stella.do(f"{path}/answer", {**places, "place-0": "2"})
    assert "Thank you" in stella.do(f"{path}/answer", places)
    assert "already" in stella.do(f"{path}/answer", places)
    stella.see(path, status=403)
    assert "It counts." in mona.do(f"{path}/rankings", {**places, "person": "jo@example.org", "side": "customers"})
    page = mona.do(f"{path}/imports", {"table": (io.BytesIO(table().encode()), "r.csv")})
    assert "80 rankings came in." in page
    assert "matters more to us than to customers" in page
    assert "Mean rank on both sides" in page.get("img", "Mean rank on both sides, 1 is first").name
    assert "line 2: the person stands in the study already." in mona.do(
        f"{path}/imports", {"table": (io.BytesIO(table().encode()), "r.csv")}
    )
    assert "It takes no more answers." in mona.do(f"{path}/close")

"""The page of the model in service: what it learned, what people overrule, how sure it is by channel and month."""

from collections.abc import Callable

from tests.web.conftest import Browser

Heard = Callable[..., int]


def test_the_page_says_what_was_learned_overruled_and_how_sure_it_is(advocate: Browser, heard: Heard) -> None:
    page = advocate.see("/inbox/model")
    assert "as shipped" in page
    assert "Learned from" in page
    assert "No correction yet" in page
    assert "Nothing was read yet" in page
    ids = [heard(f"The parcel {n} never came.", primary="complaint") for n in range(12)]
    advocate.post(f"/inbox/{ids[0]}/labels", {"primary": "request"})
    page = advocate.see("/inbox/model")
    assert page.row("request").words.split() == ["complaint", "request", "1"]
    assert "0 % unsure n = 11" in " ".join(page.words.split())


def test_corrections_are_learned_once_at_a_time_and_only_where_there_are_some(advocate: Browser, heard: Heard) -> None:
    assert "There is no correction to learn from yet." in advocate.see("/inbox/model")
    assert advocate.post("/inbox/model/learn").status_code == 409
    advocate.post(f"/inbox/{heard('It never came.', primary='complaint')}/labels", {"primary": "request"})
    assert "Learn from 1 correction" in advocate.see("/inbox/model")
    page = advocate.do("/inbox/model/learn")
    assert "waits" in page
    assert "Learn from 1 correction" not in page
    assert advocate.post("/inbox/model/learn").status_code == 409

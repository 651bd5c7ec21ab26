"""The audit trail in the browser: filters, differences in words, links, pages, export; and what reading leaves."""

import json
from collections.abc import Callable

import pytest

from bpm import audit
from bpm.app import App
from bpm.audit import Filters, Thing
from tests.web.conftest import Browser, start_refund

SignIn = Callable[..., Browser]
PAGE = "/admin/audit"


@pytest.fixture
def admin(signed_in: SignIn) -> Browser:
    return signed_in("ada", "admin", groups=("service",))


def text(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)[-800:]
    return " ".join(answer.get_data(as_text=True).split())


def verbs(app: App) -> list[str]:
    with app.unit_of_work.reading() as work:
        return [row.verb for row in audit.list_rows(work, Filters(), limit=500).rows]


def test_a_row_reads_as_a_difference_and_leads_to_its_object(app: App, admin: Browser, refund: int) -> None:
    case = start_refund(app)
    admin.post("/tasks/1/claim")
    page = text(admin, f"{PAGE}?verb=task.claim")
    assert "assignee:</span> – → Ada" in page
    assert 'href="/tasks/1"' in page
    assert "not sealed yet" in page
    audit.seal_all(app.unit_of_work)
    assert "not sealed yet" not in text(admin, PAGE)
    assert f'href="/instances/{case}"' not in text(admin, f"{PAGE}?object=task")


def test_filters_stand_in_the_address_and_go_on_to_the_export_which_is_itself_on_record(
    app: App, admin: Browser, refund: int
) -> None:
    start_refund(app)
    admin.post("/tasks/1/claim")
    assert 'href="/admin/audit/export.csv?who=Ada&amp;verb=task.claim"' in text(
        admin, f"{PAGE}?who=Ada&verb=task.claim"
    )
    assert "No row fits" in text(admin, f"{PAGE}?who=nobody")
    rows = admin.get(f"{PAGE}/export.jsonl?verb=task.claim").get_data(as_text=True).splitlines()
    assert [json.loads(row)["verb"] for row in rows] == ["task.claim"]
    assert "task.claim" in admin.get(f"{PAGE}/export.csv").get_data(as_text=True)
    assert verbs(app).count("audit.export") == 2


@pytest.mark.parametrize("query", ["from=yesterday", "to=0001-01-01", "from=9999-12-31", "after=x"])
def test_odd_filters_are_told_and_break_nothing(admin: Browser, query: str) -> None:
    assert admin.get(f"{PAGE}?{query}").status_code == 400


def test_pages_go_on(app: App, admin: Browser) -> None:
    with app.unit_of_work() as work:
        for number in range(60):
            audit.record(work, "task.claim", Thing("task", number, f"Row number {number:03}"))
    first = text(admin, f"{PAGE}?text=Row+number")
    assert "Row number 059" in first
    assert "Row number 009" not in first
    older = first.split(">Older<")[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert "Row number 009" in text(admin, older)


def test_only_who_may_read_it_reads_it(signed_in: SignIn) -> None:
    assert signed_in("stella", "staff", "designer", "operator").get(PAGE).status_code == 403


def test_reading_searching_and_downloading_are_on_record_once_and_after_the_answer(
    app: App, admin: Browser, refund: int
) -> None:
    case = start_refund(app)
    for path in (f"/instances/{case}", "/tasks/1", "/search?q=Miriam", f"/processes/versions/{refund}/source"):
        for _ in range(2):
            answer = admin.get(path)
            assert answer.status_code == 200
            before = len(verbs(app))
            answer.close()
        assert len(verbs(app)) == before
    assert {verb: verbs(app).count(verb) for verb in ("case.read", "task.read", "search.run", "version.download")} == {
        "case.read": 1, "task.read": 1, "search.run": 1, "version.download": 1,
    }  # fmt: skip
    assert "asked:</span> – → Miriam" in text(admin, f"{PAGE}?verb=search.run")


def test_a_page_that_is_not_there_was_not_read(app: App, admin: Browser) -> None:
    admin.get("/instances/99").close()
    assert "case.read" not in verbs(app)

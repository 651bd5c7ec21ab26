"""A report is asked by a form without script, its address holds it, its figures open their rows, and it is kept."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from lxml import etree
from openpyxl import load_workbook

from bpm import identity, mail, processes
from bpm.app import App
from bpm.foundation import pictures
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.work import Actor
from bpm.processes.reports import sweep_report_mails
from tests.processes.conftest import GoLive, Say
from tests.processes.models import CARE
from tests.web.conftest import Browser

SignedIn = Callable[..., Browser]
ASKED = "/insights/reports?process=care&measure=negative_share&by=activity&days=30"


@pytest.fixture
def manager(signed_in: SignedIn) -> Browser:
    return signed_in("mona", "manager", groups=("service",))


@pytest.fixture
def twelve(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, advocate: Actor, clock: FixedClock
) -> None:
    version_id = go_live(CARE, "care")
    trigger()
    for number in range(12):
        say("My parcel never came.")
        clock.advance(timedelta(minutes=1))
        item = say(f"=You mended it {number}.", "praise", sentiment=-0.9 if number < 3 else 0.4)
        with app.unit_of_work(advocate) as work:
            processes.attribute(work, item, version_id=version_id, element="mend")


def test_a_report_shows_the_figure_with_its_interval_and_opens_its_rows(twelve: None, manager: Browser) -> None:
    page = manager.see(ASKED)
    assert "25 % (8.9 % to 53 %), n = 12" in page
    assert "opened the case 12" in page
    assert "email" in page.get("table", "Coverage: which channels these figures know of")

    (link,) = [each for each in page.links if "group=mend" in each]
    behind = manager.see(link)
    assert "You mended it 11." in behind
    assert "The figure counts 12 things" in behind
    assert "n = 12" not in manager.see(f"{ASKED}&voice=supplier")


@pytest.mark.parametrize("picture", ["bars", "series"])
def test_a_picture_is_drawn_by_the_server_with_the_same_as_a_table(
    twelve: None, manager: Browser, picture: str
) -> None:
    page = manager.see(f"{ASKED}&picture={picture}&by=")
    assert page.has("img", "Negative share. Bars and whiskers are 95 % intervals.")
    assert "25 %" in page


def test_a_report_goes_along_as_a_table_a_workbook_and_a_drawing(twelve: None, manager: Browser) -> None:
    query = ASKED.partition("?")[2]
    lines = list(csv.DictReader(io.StringIO(manager.get(f"/insights/reports/file.csv?{query}").get_data(as_text=True))))
    (mend,) = [line for line in lines if line["group"] == "Mend what broke"]
    assert (mend["value"], mend["n"], mend["shown"]) == ("0.25", "12", "True")
    sheet = load_workbook(io.BytesIO(manager.get(f"/insights/reports/file.xlsx?{query}").data)).active
    assert sheet is not None
    assert [cell.value for cell in next(sheet.iter_rows())][:3] == ["measure", "group", "value"]
    drawing = etree.fromstring(manager.get(f"/insights/reports/file.svg?{query}").data)
    assert "Mend what broke" in "".join(str(text) for text in drawing.itertext())
    picture = manager.get(f"/insights/reports/file.png?{query}")
    assert (picture.mimetype, picture.data[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    width, height = (int.from_bytes(picture.data[at : at + 4]) for at in (16, 20))
    assert (width, height) == tuple(2 * int(drawing.get(side, "0")) for side in ("width", "height"))
    assert manager.get(f"/insights/reports/file.gif?{query}").status_code == 404


def test_a_picture_has_its_letters_or_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def svg(words: str) -> bytes:
        head = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30" font-family="sans-serif">'
        return f'{head}<text y="20">{words}</text></svg>'.encode()

    assert len({pictures.draw(svg(words)) for words in ("five", "fünf", "≥ 5")}) == 3
    monkeypatch.setattr(pictures, "FAMILIES", ("A font that nobody has",))
    with pytest.raises(InvalidInputError, match="no fonts"):
        pictures.draw(svg("five"))


def test_what_cannot_be_read_is_named_and_the_form_stays(twelve: None, manager: Browser) -> None:
    assert "There is no measure “likes”." in manager.see("/insights/reports?process=care&measure=likes", status=400)
    assert "no day" in manager.see(f"{ASKED}&from=yesterday", status=400)
    assert "has no version 9" in manager.see(f"{ASKED}&version=9", status=400)
    assert manager.see("/insights/reports").field("Split by").choices


def test_a_kept_report_is_shared_with_a_group_and_mailed_once_for_each_monday(
    app: App, twelve: None, manager: Browser, signed_in: SignedIn, clock: FixedClock
) -> None:
    with app.unit_of_work() as work:
        identity.find_user(work, "mona").email = "mona@example.org"
    manager.do("/insights/reports/kept", {"name": "Mending", "query": ASKED.partition("?")[2], "group": "service"})
    assert "Mending" in manager.see("/insights/reports")
    assert "Mending" in signed_in("sam", "manager", groups=("service",)).see("/insights/reports")
    assert "Mending" not in signed_in("olga", "manager", groups=("it",)).see("/insights/reports")

    manager.do("/insights/reports/kept/1/subscribe", {"every": "week"})
    assert sweep_report_mails(app.unit_of_work) == 0
    clock.advance(timedelta(days=7))
    assert [sweep_report_mails(app.unit_of_work) for _ in range(2)] == [1, 0]
    with app.unit_of_work.reading() as work:
        (row,) = mail.list_mail(work).rows
    assert (row.to_address, row.subject) == ("mona@example.org", "Report: Mending")

    manager.sign_in("mona")
    manager.do("/insights/reports/kept/1/unsubscribe")
    clock.advance(timedelta(days=7))
    assert sweep_report_mails(app.unit_of_work) == 0
    manager.sign_in("mona")
    manager.do("/insights/reports/kept/1/remove")
    assert "Mending" not in manager.see("/insights/reports")


def test_likes_become_no_kpi_without_evidence(manager: Browser) -> None:
    purpose = "Decide which posts we write next."
    page = manager.see("/insights/reports/measures")
    assert page.has("table", "Measures")
    told = manager.do("/insights/reports/measures", {"measure": "likes", "purpose": purpose, "evidence": ""})
    assert "“Likes” is no KPI without evidence that a better figure is better for customers." in told
    shown = {"measure": "likes", "purpose": purpose, "evidence": "Our study of 2026: who likes us complains less."}
    assert "Our study of 2026" in manager.do("/insights/reports/measures", shown).get("table", "KPIs")
    manager.do("/insights/reports/measures/1/end")
    assert not manager.see("/insights/reports/measures").has("table", "KPIs")


def test_only_who_may_see_insights_sees_reports(signed_in: SignedIn) -> None:
    staff = signed_in("stella", "staff")
    for path in ("", "/equity", "/measures", "/rows", "/file.csv"):
        assert staff.get(f"/insights/reports{path}").status_code == 403

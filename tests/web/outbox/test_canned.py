"""Canned replies against scores: a week's figures are those of its rows, and too little is said to be too little."""

from collections.abc import Callable
from datetime import timedelta

from bpm import feedback
from bpm.app import App
from bpm.feedback import outbound
from bpm.feedback.outbound import Wish
from bpm.foundation.clock import FixedClock
from bpm.foundation.settings import Settings
from bpm.processes import surveys
from tests.web.conftest import Browser
from tests.web.portal.conftest import *  # noqa: F403 (an advocate, and items by one short call)
from tests.web.portal.conftest import act
from tests.web.portal.test_surveys import mails, path_in, settings  # noqa: F401 (surveys are on)

MACRO = "We are sorry for the trouble that you have had with your parcel and look into it for you."
WORDS = "amber birch cedar drift ember flint grove heath islet jetty knoll larch maple north otter pearl quill raven"


def answer(app: App, item: int, text: str) -> None:
    seen = frozenset({"canned", "answered_meanwhile"})
    row = act(app, outbound.send, Wish(item, text, place="by_hand", confirmed=seen))
    act(app, outbound.mark_sent, row.reply_id)


def test_the_canned_share_stands_against_the_ends_of_the_same_matters_and_points_open_their_replies(
    app: App,
    settings: Settings,  # noqa: F811
    advocate: Browser,
    hear: Callable[..., int],
    clock: FixedClock,
    signed_in: Callable[..., Browser],
) -> None:
    mona = signed_in("mona", "manager")
    page = mona.see("/insights/canned")
    assert page.words.count("Not enough data") == 3
    own = WORDS.split()
    for number in range(21):
        item = hear("Where is my parcel?", f"c{number}", thread_key=f"matter-{number}")
        told = " ".join(own[number % 18 :] + own[: number % 18][::-1] + [str(number) * 9])
        answer(app, item, MACRO if number < 11 else told)
        act(app, feedback.decide, item, "do", reason="Settled.")
    clock.advance(timedelta(hours=3))
    while surveys.sweep_surveys(app.unit_of_work):
        pass
    asked = mails(app)
    assert len(asked) == 21
    for number, mail in enumerate(asked):
        is_canned = int(mail.to_address[1:].split("@")[0]) < 11
        token = path_in(mail).rsplit("/", 1)[1]
        with app.unit_of_work() as work:
            surveys.answer(work, token, surveys.Answer("", 1 if is_canned and number % 6 else 5))
    page = mona.see("/insights/canned")
    assert "48 % (28 %–68 %), n = 21" in page  # 10 of 21: the first of the macros was new
    assert "fewer (95 % interval from" in page
    assert "Nobody drew lots" in page
    week = page.all("link", "Week from")[0]
    rows = mona.see(week.target)
    assert len(rows.all("link", "Feedback")) == 21
    assert rows.words.count("100 %") == 10
    assert "Maya" in rows
    assert MACRO not in rows
    other = mona.see("/insights/canned?channel=chat&team=nobody")
    assert other.words.count("not shown") >= 3
    for day in ("soon", "9999-12-31", "0001-01-01"):
        assert mona.get(f"/insights/canned/{day}").status_code == 404, day
    assert advocate.get("/insights/canned").status_code == 403

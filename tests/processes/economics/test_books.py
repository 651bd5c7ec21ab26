"""The books meet the budget to the cent, and every way to cut them sums up to the same."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bpm.app import App
from bpm.calendars import ALWAYS
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.work import Actor
from bpm.processes import economics, improvements
from bpm.processes.daybook.shared_time import Hold, shared
from bpm.processes.economics import By, CostPlan, EventCost, Rate, Side, Weight, books_of
from bpm.processes.economics.cents import whole_cents
from bpm.processes.economics.plan import BudgetLine, amount_of, as_plain, budget_of, plan_of
from bpm.processes.models import Artefact, Attribution
from bpm.processes.status import LinkKind
from tests.processes.conftest import GoLive, Say
from tests.processes.economics.conftest import OFFICE, PLAN, SavePlan
from tests.processes.economics.test_costs import claim, complete, give, open_tasks
from tests.processes.models import CARE

Period = tuple[datetime, datetime]
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@given(st.lists(st.decimals(0, 10_000, places=4), max_size=60))
def test_whole_cents_sum_up_to_the_rounded_whole_and_none_is_a_cent_off(amounts: list[Decimal]) -> None:
    cents = whole_cents(amounts)

    assert abs(sum(cents) - sum(amounts, Decimal(0)) * 100) <= Decimal("0.5")
    assert all(abs(each - amount * 100) < 1 for each, amount in zip(cents, amounts, strict=True))


def test_thirds_of_a_cent_are_given_to_the_first() -> None:
    assert whole_cents([Decimal("0.01") / 3] * 3) == [1, 0, 0]
    assert whole_cents([]) == []


@given(st.lists(st.tuples(st.integers(1, 2), st.integers(0, 200), st.integers(1, 100)), min_size=1, max_size=20))
def test_no_person_works_more_hours_than_there_are_however_many_tasks_they_hold(
    drawn: list[tuple[int, int, int]],
) -> None:
    holds = [
        Hold(person, "service", AT + timedelta(hours=begin), AT + timedelta(hours=begin + length))
        for person, begin, length in drawn
    ]

    pieces = shared(holds, {"service": ALWAYS}, cuts=[AT + timedelta(hours=50)])

    for person in {each.person for each in holds}:
        hours = {
            hour
            for who, begin, length in drawn
            if who == person
            for hour in range(begin, begin + length)
        }  # fmt: skip
        worked = sum(p.seconds for h, some in zip(holds, pieces, strict=True) if h.person == person for p in some)
        assert worked == pytest.approx(len(hours) * 3600)


def test_nights_and_weekends_cost_nothing_and_a_new_rate_begins_at_its_day() -> None:
    friday = datetime(2026, 3, 6, 15, 0, tzinfo=UTC)
    monday = datetime(2026, 3, 9, 0, 0, tzinfo=UTC)

    [pieces] = shared(
        [Hold(1, "service", friday, friday + timedelta(days=3))], {"service": OFFICE}, cuts=[monday]
    )  # fmt: skip

    assert [(piece.start, piece.seconds / 3600) for piece in pieces] == [(friday, 2.0), (monday, 6.0)]


def test_a_budget_is_the_part_of_each_month_that_lies_in_the_period() -> None:
    line = BudgetLine("Team", Decimal(3100), valid_from=date(2026, 1, 10), until=date(2026, 2, 15))
    begin, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)

    assert budget_of(line, begin, end) == Decimal(3100) * 22 / 31 + Decimal(3100) * 14 / 28
    assert budget_of(replace(line, valid_from=date.min, until=None), begin, end) == 9300


def test_a_plan_is_read_again_as_it_was_written_and_amounts_are_no_floats() -> None:
    assert plan_of(as_plain(PLAN)) == PLAN
    assert (amount_of("1 234,505"), amount_of("0.0001"), amount_of("")) == (
        Decimal("1234.505"),
        Decimal("0.0001"),
        None,
    )
    for wrong in ("-1", "1e99", "nan", "0.00001", "ten", "1.2.3"):
        with pytest.raises(InvalidInputError, match="no amount"):
            amount_of(wrong)


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        (CostPlan(rates=(Rate("it", Decimal(1)), Rate("it", Decimal(2)))), "“it” stands twice"),
        (CostPlan(events=(EventCost(Decimal(1)),)), "one of an activity or of a channel"),
        (CostPlan(budgets=(BudgetLine(" ", Decimal(1)),)), "has no name"),
        (CostPlan(budgets=(BudgetLine("a", Decimal(1), until=date.min),)), "ends before it begins"),
    ],
)
def test_a_plan_of_no_use_is_refused_with_its_line(save_plan: SavePlan, plan: CostPlan, says: str) -> None:
    with pytest.raises(InvalidInputError, match=says):
        save_plan(plan)


def test_plans_are_kept_with_who_and_why_and_only_managers_change_them(
    app: App, save_plan: SavePlan, advocate: Actor
) -> None:
    save_plan()
    save_plan(replace(PLAN, currency="CHF"), "We moved.")

    with app.unit_of_work.reading() as work:
        held = economics.list_plans(work)
        assert economics.get_plan(work, number=1).currency == "EUR"
        assert economics.get_plan(work).currency == "CHF"
    assert [(each.number, each.by, each.reason) for each in held] == [
        (2, "Mona", "We moved."), (1, "Mona", "Agreed with finance.")
    ]  # fmt: skip
    with pytest.raises(ForbiddenError), app.unit_of_work(advocate) as work:
        economics.save_plan(work, PLAN, reason="no")
    with pytest.raises(InvalidInputError, match="Nothing was changed"):
        save_plan(PLAN, "  ")


@pytest.fixture
def busy(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, clock: FixedClock, advocate: Actor,
    office: None, save_plan: SavePlan,
) -> Period:  # fmt: skip
    """Ten cases worked on, five contacts of praise on social media, a voucher; gives a month of days."""
    save_plan()
    go_live(CARE, "care")
    trigger()
    for number in range(10):
        said = say(channel="call" if number < 3 else "email", topic="delivery" if number < 6 else "price")
        if number == 0:
            give(app, advocate, said, 1234)
    for _ in range(5):
        say("Lovely people!", "praise", channel="social", sentiment=0.9, topic="people")
    clock.advance(timedelta(minutes=7))
    for task in open_tasks(app):
        claim(app, advocate, task)
        clock.advance(timedelta(minutes=17))
    complete(app, advocate, *open_tasks(app)[:7])
    begin = clock.now().replace(hour=0, minute=0)
    return begin - timedelta(days=28), begin + timedelta(days=3)


def test_cases_and_overhead_are_the_budget_to_the_cent_however_they_are_cut(app: App, busy: Period) -> None:
    since, until = busy
    with app.unit_of_work.reading() as work:
        books = books_of(work, since=since, until=until)
        doings = economics.list_doings(work, since=since, until=until)
        demand = economics.demand_by_channel(work, since=since, until=until)
        none_of_it = books_of(work, since=since - timedelta(days=90), until=since - timedelta(days=60))

    service, marketing = books.lines
    assert (service.side, marketing.side) == (Side.SERVICE, Side.MARKETING)
    exact = sum((budget_of(each, since, until) for each in PLAN.budgets), Decimal(0))
    assert books.all.budget == service.budget + marketing.budget == round(float(exact * 100))
    for line in (*books.lines, books.all):
        assert line.cases + line.without_case + line.overhead == line.budget
    of_versions = sum(each.sum.cents for each in books.versions)
    assert of_versions == sum(each.sum.cents for each in books.activities) == books.all.cases > 0
    assert [(each.process, each.version, each.cases) for each in books.versions] == [("care", 1, 10)]
    work_hours = sum(found.hours for _group, found in books.groups)
    assert work_hours == pytest.approx((10 * 17) / 60), "each hour of Maya counts once"
    assert books.all.without_case == 0, "praise on social media costs nothing by the contact"
    assert (books.conversations.n, books.contacts, books.unrated) == (15, 15, ())
    assert sum(row.cents for row in doings.rows) == books.all.budget, "what could be stopped is all there is"
    assert demand.spent == sum(row.spent for row in demand.rows) == books.all.spent
    assert (none_of_it.all.spent, none_of_it.versions, none_of_it.conversations.shown) == (0, (), False)


def test_demand_leaves_praise_out_and_totals_match(app: App, busy: Period) -> None:
    with app.unit_of_work.reading() as work:
        demand = economics.demand_by_channel(work, since=busy[0], until=busy[1])

    rows = {row.channel: row for row in demand.rows}
    assert (demand.service, demand.shared, demand.unread) == (10, 5, 0)
    assert (rows["email"].service, rows["call"].service, rows["social"].service, rows["social"].shared) == (7, 3, 0, 5)
    assert sum(row.service for row in demand.rows) == demand.service
    assert sum(row.money for row in demand.rows) == demand.money
    assert sum(row.seconds for row in demand.rows) == pytest.approx(demand.seconds)
    assert rows["social"].left > 0
    assert rows["social"].gap == pytest.approx(rows["social"].money_share)
    assert sum(row.money_share or 0 for row in demand.rows) == pytest.approx(1)
    assert demand.rows[-1].channel == ""


@pytest.mark.parametrize("by", list(By))
@pytest.mark.parametrize("weight", list(Weight))
def test_the_bars_of_causes_are_the_whole_with_what_is_linked_to_nothing(
    app: App, busy: Period, by: By, weight: Weight
) -> None:
    since, until = busy
    with app.unit_of_work.reading() as work:
        found = economics.list_causes(work, by, since=since, until=until, weight=weight)
        wanting = economics.list_causes(work, by, since=since, until=until, weight=weight, service=True)

    assert sum(each.permille for each in found.causes) == 1000 == found.causes[-1].so_far
    assert sum(each.n for each in found.causes) == found.n == 15
    assert wanting.n == 10
    assert sum(each.cents for each in found.causes) == found.cents
    if by in (By.ACTIVITY, By.PROCESS):
        assert [(each.key, each.n) for each in found.causes if not each.key] == [("", 5)]
        assert found.causes[-1].name == "Not linked to a process"
        assert found.cents > 1234


def test_what_was_lived_through_goes_before_what_opened_a_case_and_artefacts_have_their_names(
    app: App, busy: Period
) -> None:
    since, until = busy
    with app.unit_of_work() as work:
        links = list(work.session.scalars(select(Attribution).order_by(Attribution.id)))
        lived = {"element": "mend", "kind": LinkKind.SAID_AFTER, "instance_id": None}
        work.session.add_all([_copy(link, **lived) for link in links[:5]])
        letter = {"element": "mend", "kind": LinkKind.ABOUT_ARTEFACT, "instance_id": None}
        work.session.add(_copy(links[5], **letter))
        named = {"definition_key": "care", "element": "mend", "kind": "letter", "name": "Delay letter", "phrases": []}
        work.session.add(Artefact(**named, created_at=work.now()))

    with app.unit_of_work.reading() as work:
        activities = economics.list_causes(work, By.ACTIVITY, since=since, until=until, weight=Weight.VOLUME)
        artefacts = economics.list_causes(work, By.ARTEFACT, since=since, until=until, weight=Weight.VOLUME)

    assert [(each.name, each.n) for each in activities.causes] == [
        ("Mend what broke (care)", 6), ("opened a case, or came before it (care)", 4), ("Not linked to a process", 5)
    ]  # fmt: skip
    assert [(each.name, each.n) for each in artefacts.causes] == [("Delay letter", 1), ("About no artefact", 14)]


def _copy(link: Attribution, **changed: object) -> Attribution:
    names = ("item_id", "definition_key", "version_id", "method", "confidence", "author", "valid_from")
    return Attribution(**{name: getattr(link, name) for name in names}, **changed)


def test_a_bar_opens_an_improvement_that_holds_exactly_its_contacts(app: App, busy: Period, manager: Actor) -> None:
    since, until = busy
    with app.unit_of_work(manager) as work:
        made = economics.open_improvement(work, By.TOPIC, "delivery", since=since, until=until)
        bar = economics.items_of_cause(work, By.TOPIC, "delivery", since=since, until=until)
        kept = improvements.get_improvement(work, made)
        with pytest.raises(InvalidInputError, match="linked to no process"):
            economics.open_improvement(work, By.ACTIVITY, "", since=since, until=until)
        unlinked = economics.open_improvement(work, By.ACTIVITY, "", since=since, until=until, process="care")
        assert improvements.get_improvement(work, unlinked).row.voices == 5
        with pytest.raises(NotFoundError):
            economics.open_improvement(work, By.TOPIC, "no such", since=since, until=until)

    assert {voice.item_id for voice in kept.voices} == {each.item_id for each in bar}
    assert (kept.row.voices, kept.row.definition_key) == (6, "care")


def test_what_somebody_would_stop_is_kept_with_its_figures(app: App, busy: Period, manager: Actor) -> None:
    since, until = busy
    with app.unit_of_work(manager) as work:
        rows = economics.list_doings(work, since=since, until=until).rows
        keys = [row.key for row in rows if row.what != "budget"][:2]
        economics.propose_stop(work, keys, title="Stop mending", reason="Nobody asks.", since=since, until=until)
        with pytest.raises(InvalidInputError, match="Nothing was proposed"):
            economics.propose_stop(work, ["x"], title="None", reason="Why.", since=since, until=until)
        [kept] = economics.list_proposals(work)

    assert kept.cents == sum(row.cents for row in rows if row.key in keys)
    assert (kept.title, kept.by, len(kept.lines)) == ("Stop mending", "Mona", 2)

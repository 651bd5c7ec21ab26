"""Who is linked by themselves, over 300 labelled hops of people that share addresses, lines and names."""

from collections import Counter
from collections.abc import Callable

from bpm import feedback
from bpm.app import App
from bpm.feedback import queries
from bpm.feedback.people.company_settings import add_own_address
from tests.feedback.conftest import said
from tests.feedback.customers.people_hops import OURS, PersonHop, make

Receive = Callable[..., int]


def _customers(app: App, hops: list[PersonHop], which: str) -> list[int | None]:
    raws = [said("words", natural_key=f"{which} {n}", **getattr(hop, which)) for n, hop in enumerate(hops)]
    with app.unit_of_work() as work:
        received = feedback.receive_all(work, raws)
    with app.unit_of_work.reading() as work:
        return [queries.get_item(work, each.item_id).row.customer_id for each in received]


def test_people_are_linked_by_themselves_only_where_they_are_the_same(
    app: App, record_property: Callable[[str, object], None]
) -> None:
    with app.unit_of_work() as work:
        for ours in (OURS, "@shop_help"):
            add_own_address(work, ours)
    hops = make()
    wrong, missed, linked, right, to_find = Counter[str](), Counter[str](), 0, 0, 0
    for hop, before, now in zip(hops, _customers(app, hops, "before"), _customers(app, hops, "now"), strict=True):
        is_linked = before is not None and before == now
        linked, right = linked + is_linked, right + (is_linked and hop.same is True)
        to_find += hop.same is True
        wrong[hop.kind] += is_linked and hop.same is not True
        missed[hop.kind] += hop.same is True and not is_linked
        assert hop.same is not None or before is now is None, hop
    told = f"precision {right / linked:.3f}, recall {right / to_find:.3f}; wrong {+wrong}, missed {+missed}"
    record_property("counts", told)
    assert right / linked >= 0.95, told
    assert right / to_find >= 0.8, told


def test_two_people_of_one_address_stay_two_and_a_word_without_a_name_is_nobodys(app: App, receive: Receive) -> None:
    mail = "the.bergs@home.org"
    first = receive("a", author_name="Mia Berg", author_email=mail)
    second = receive("b", author_name="Jon Berg", author_email=mail)
    again = [receive(f"c{n}", author_name=name, author_email=mail) for n, name in enumerate(("Berg, Jon", "Mia Olsen"))]
    nameless = receive("d", author_email=mail)
    with app.unit_of_work.reading() as work:
        who = [queries.get_item(work, each).row.customer_id for each in (first, second, *again, nameless)]
        points = queries.get_customer_detail(work, who[1] or 0).points
    mia, jon = who[:2]
    assert who == [mia, jon, jon, mia, None]
    assert mia is not None
    assert mia != jon
    assert [(each.value, each.scope, each.shared) for each in points] == [(mail, "", True)]

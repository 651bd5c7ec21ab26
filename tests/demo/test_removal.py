"""The demo is removed from a database in which somebody else works: what is the demo's goes, theirs stays."""

from sqlalchemy import func, select

from bpm import audit, demo, feedback, identity
from bpm.app import App
from bpm.demo import loading
from bpm.engine import api as engine
from bpm.engine import queries
from bpm.engine.models import ProcessInstance
from bpm.feedback import RawItem, outbound
from bpm.feedback.models import Customer, FeedbackItem
from bpm.foundation.work import Work
from tests.conftest import MONDAY
from tests.processes.models import CARE
from tests.web.conftest import PASSWORD, Browser, put_live
from web import create_app


def test_what_is_the_demos_goes_in_one_act_and_what_others_made_stays(app: App) -> None:
    demo.begin(app)
    put_live(app, CARE, "care.bpmn")
    with app.unit_of_work() as work:
        ada = next(user for user in identity.list_users(work) if user.username == "ada")
        asked = RawItem("email", "Brightwave", "Where is my parcel?", said_at=MONDAY, author_email="d@demo.example")
        item = feedback.receive(work, asked).item_id
    with app.unit_of_work(identity.actor_of(ada)) as work:
        feedback.reply(work, item, "It comes on Friday. Ada", confirmed=outbound.WARNINGS)
        engine.start(work, "care", {"topic": "parcel"})
    loading.end(app)
    put_live(app)
    with app.unit_of_work() as work:
        kim = identity.create_user(
            work, "kim", display_name="Kim", password=PASSWORD, roles=["admin", "designer"], groups=["service"]
        )
        said = RawItem("email", "our shop", "My kettle leaks.", said_at=MONDAY, author_email="x@customer.example")
        mine = feedback.receive(work, said).item_id
    with app.unit_of_work(identity.actor_of(kim)) as work:
        engine.start(work, "refund", {"order": "7"})
        theirs = engine.start(work, "care", {"topic": "kettle"}).id
    browser = Browser(create_app(app).test_client())

    browser.sign_in("alex", demo.PASSWORD)
    page = browser.see("/admin/demo")
    assert "Alex Admin is one of the demo’s people, who go with it." in page
    assert browser.post("/admin/demo/remove").status_code == 403
    own = Browser(create_app(app).test_client())
    own.sign_in("kim")
    assert "Came later and hangs on it" in own.see("/admin/demo")
    assert "The demo is removed" in own.do("/admin/demo/remove")

    with app.unit_of_work.reading() as work:
        assert [user.username for user in identity.list_users(work)] == ["kim"]
        assert [item.id for item in work.session.scalars(select(FeedbackItem))] == [mine]
        assert [row.key for row in queries.list_definitions(work)] == ["refund"]
        assert work.session.get(ProcessInstance, theirs) is None
        assert count(work, ProcessInstance) == count(work, Customer) == 1
        assert [group.key for group in identity.list_groups(work)] == ["finance", "service"], "hers, and of her model"
        assert engine.check_invariants(work) == []
        assert audit.list_rows(work, audit.Filters(verb="demo.remove")).rows[0].who == "Kim"
        assert not demo.is_there(work)
        broken = "PRAGMA foreign_key_check"
        assert work.session.connection().exec_driver_sql(broken).all() == []
    audit.seal_all(app.unit_of_work)
    with app.unit_of_work.reading() as work:
        assert audit.verify(work).broken == []


def count(work: Work, table: type[ProcessInstance] | type[Customer]) -> int:
    return work.session.scalar(select(func.count()).select_from(table)) or 0

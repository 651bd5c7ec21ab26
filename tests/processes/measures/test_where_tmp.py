from datetime import timedelta
from collections import Counter
from sqlalchemy import event
from tests.processes.measures.test_rollups import *
from tests.processes.measures.test_rollups import _link_some
from tests.processes.conftest import go_live
from tests.conftest import *
def test_where(app, go_live, clock, monkeypatch):
    version_id = go_live(CARE, "care")
    clock.advance(timedelta(days=60))
    monkeypatch.setattr(filling, "YEAR", timedelta(hours=6))
    with app.unit_of_work.reading() as work:
        elements = engine_queries.get_version(work, version_id).elements
    for times in (1,3):
        filling.fill(app.unit_of_work, version_id, elements, visits=7_000*times, items=400*times)
        clock.advance(timedelta(minutes=10))
        rebuild_rollups(app.unit_of_work); sweep_rollups(app.unit_of_work)
        _link_some(app, version_id, 8)
        sts = statements_of(app, lambda: sweep_rollups(app.unit_of_work))
        _link_some(app, version_id, 8)
        per=Counter(); cur=[""]
        def before(c,cu,s,p,ctx,m): cur[0]=s
        raws=set()
        def watch(c,*a):
            raw=c.connection.dbapi_connection
            if raw not in raws:
                raws.add(raw); raw.set_progress_handler(lambda: per.update([cur[0]]) , 100)
        event.listen(app.database,"before_cursor_execute",watch); event.listen(app.database,"before_cursor_execute",before)
        sweep_rollups(app.unit_of_work)
        for r in raws: r.set_progress_handler(None,0)
        event.remove(app.database,"before_cursor_execute",watch); event.remove(app.database,"before_cursor_execute",before)
        print("TOTAL", sum(per.values()), len(sts))
        for s,n in per.most_common(9): print(n, " ".join(s.split())[:230])
    assert 0

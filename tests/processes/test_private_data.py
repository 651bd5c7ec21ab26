"""What starts a process has its private data masked: variables, tasks and history hold none of it."""

from collections.abc import Callable

import pytest

from bpm.app import App
from bpm.engine import queries as engine_queries
from bpm.processes import queries
from tests.feedback.privacy.test_items import everywhere
from tests.processes.conftest import GoLive, Say
from tests.processes.models import CARE

pytestmark = pytest.mark.both_databases


def test_a_process_is_started_with_masked_words(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say
) -> None:
    go_live(CARE, "care")
    trigger()
    item_id = say("The lamp arrived broken, ring me on +49 30 55512377.", author_name="Ada")
    with app.unit_of_work.reading() as work:
        (link,) = queries.item_links(work, item_id)
        assert link.instance_id is not None
        variables = engine_queries.get_instance(work, link.instance_id).variables
    assert variables["text"] == "The lamp arrived broken, ring me on [phone]."
    assert "55512377" not in everywhere(app, but=("raw_record",))

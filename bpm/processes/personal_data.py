"""What the tables of this room hold of customers, and how it is erased."""

from collections.abc import Mapping

from bpm.foundation.personal_data import How, Rows, TableData, free
from bpm.processes.improvements.personal_data import DATA as REGISTER
from bpm.processes.own_ways.personal_data import DATA as OWN_WAYS
from bpm.processes.ownership.personal_data import DATA as OWNERSHIP

_ITEM = (Rows("item", "item_id"),)
_MODEL = "A name or code of the model, or of this product."
_US = "Names of our own people."

DATA: Mapping[str, TableData] = {
    **REGISTER,
    **OWNERSHIP,
    **OWN_WAYS,
    "process_trigger": TableData(
        free(
            "Written by our designers for all customers.",
            "name definition_key process_id message key_field conditions fields",
        )
    ),
    "trigger_firing": TableData({}, {"reason": How.SCRUB}, _ITEM),
    "attribution": TableData(
        free(_MODEL, "definition_key element") | free(_US, "author"), {"evidence": How.SCRUB}, _ITEM
    ),
    "cause": TableData(free(_MODEL, "element") | free(_US, "author"), {"evidence": How.SCRUB}, _ITEM),
    "artefact": TableData(free(_MODEL, "definition_key element") | free("Written by our own people.", "name phrases")),
    "said_after_window": TableData(free(_MODEL, "definition_key")),
    "link_look": TableData(free(_MODEL, "name")),
    "call_guard": TableData(free(_MODEL, "definition_key element variable go_to") | free("By our designers.", "value")),
    "guarded_task": TableData(
        free(_MODEL, "definition_key element"), {"reason": How.SCRUB}, (Rows("case", "instance_id"),)
    ),
    "reply_draft": TableData(free(_MODEL, "element"), {"text": How.WORDS}, _ITEM),
    "public_escape": TableData(free(_MODEL, "element")),
    "recognition": TableData(free(_MODEL, "job_key") | free(_US, "recipient"), {"note": How.WORDS}, _ITEM),
    "routing_version": TableData(free("Written by our own people for all customers.", "routes reason")),
    "item_assignment": TableData({}, {"why": How.SCRUB, "override": How.SCRUB}, _ITEM),
    "presence": TableData(),
    "shadow_decision": TableData(free("A label of a closed list.", "decision"), {"why": How.WORDS}, _ITEM),
    "goodwill_rules": TableData(free("Written by our own people for all customers.", "rules reason")),
    "gesture": TableData(
        free("By the rule for everybody.", "rule_why"),
        {"what": How.WORDS, "why": How.WORDS, "decided_why": How.WORDS},
        _ITEM,
    ),
    "improvement": TableData(
        free(_MODEL, "definition_key element job_key"),
        {"title": How.SCRUB, "description": How.SCRUB, "status_reason": How.SCRUB},
    ),
    "cost_plan": TableData(free("Written by our own people: groups, activities, budgets.", "plan reason")),
    "capacity_plan": TableData(free("Written by our own people about groups.", "plan reason")),
    "stop_proposal": TableData(
        free("Names of activities and channels, with figures.", "lines"), {"title": How.SCRUB, "reason": How.SCRUB}
    ),
    "published_name": TableData(free("Names of ours, and our words for them.", "key words")),
    "board_entry": TableData(
        free("The company's own word for a subject.", "theme"),
        {"said": How.SCRUB, "did": How.SCRUB, "happened": How.SCRUB},
    ),
    "measure_day": TableData(
        free(_MODEL, "part measure split place channel kind voice reader") | free("Counts of classes of time.", "times")
    ),
    "measure_week": TableData(
        free(_MODEL, "part measure split place channel kind voice reader") | free("Counts of classes of time.", "times")
    ),
    "heard_day": TableData(free(_MODEL, "channel voice")),
    "book_day": TableData(
        free("A name of a set of numbers.", "calendars")
        | free("Numbers, and names of the model, of channels and of topics.", "worked said cases")
    ),
    "book_due": TableData(free("Of a closed list.", "kind")),
    "held_task": TableData(free("An instant, and names of ours for a person and a group.", "mark")),
    "measured_day": TableData(free("A name of a set of numbers.", "open_mark")),
    "measure_piece": TableData(
        free("Names of the model and of measures.", "part kind") | free("Sums, by such names.", "sums")
    ),
    "saved_report": TableData(free(_US, "name group_key") | free("Names of the model and of measures.", "query")),
    "report_subscription": TableData(),
    "kpi": TableData(free("A name of the product.", "measure") | free(_US, "purpose evidence")),
    "measure_due": TableData(free("Of a closed list.", "kind")),
    "measure_mark": TableData(free(_MODEL, "name")),
    "rollout": TableData(
        free(_MODEL, "definition_key variable")
        | free("Of a closed list.", "asked")
        | free("Made up.", "salt")
        | free("Shares, and values that our own people wrote for all customers.", "steps stages"),
        {"reason": How.SCRUB, "asked_reason": How.SCRUB},
    ),
    "rollout_case": TableData({}, {"unit": How.KEY, "group_name": How.BLANK}, (Rows("case", "instance_id"),)),
    "rollout_act": TableData({}, {"reason": How.SCRUB}),
    "outside_process": TableData(free(_MODEL, "key name diagram elements")),
    "outside_case": TableData({}, {"case_key": How.SCRUB, "customer_key": How.SCRUB}),
    "outside_visit": TableData(free("A name or number of the other system's model.", "activity element lane version")),
    "outside_run": TableData(
        free(_US, "file_name options") | free("Goes when a worker has read it.", "content"),
        {"problems": How.SCRUB, "problem": How.SCRUB},
    ),
    "change_pattern": TableData(free("Kinds of change, by our own people.", "name")),
    "verdict_plan": TableData(
        free(_MODEL, "definition_key element measure group_by guards controls model_version hash")
        | free("Figures, and words of ours about a change for all customers.", "foreseen title rule")
    ),
    "verdict_amendment": TableData(free("Of ours, about a plan.", "what before after reason")),
    "verdict_look": TableData(
        free("Counts and sentences made of counts.", "stage sentence threats facts")
        | free("Ids of cases, and a hash of them.", "inputs inputs_hash")
    ),
    "verdict_guard": TableData(free(_MODEL, "measure")),
    "verdict_decision": TableData(free("Of ours, about a version.", "reason")),
}
"""Table -> what it holds."""

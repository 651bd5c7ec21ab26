"""What the feedback room's tables hold of customers, and how it is erased."""

from collections.abc import Mapping

from bpm.foundation.personal_data import How, Rows, TableData, free

_ITEM = (Rows("item", "item_id"),)
_LABEL = "A label of a closed list or of the company's own topics."
_SOURCE = "Names of sources, channels and columns, and keys of our own."
_US = "Names of our own people and groups, or of a model."

DATA: Mapping[str, TableData] = {
    "feedback_item": TableData(
        free(_LABEL, "channel decision masked language held_because")
        | free(_SOURCE, "source")
        | free(_US, "distributed_to"),
        {
            "natural_key": How.KEY,
            "content_hash": How.BLANK,
            "text": How.WORDS,
            "subject": How.BLANK,
            "subject_words": How.BLANK,
            "question": How.BLANK,
            "author_name": How.BLANK,
            "author_handle": How.BLANK,
            "url": How.BLANK,
            "extra": How.STRIP,
            "raw": How.BLANK,
            "unread_because": How.WORDS,
        },
        (Rows("item", "id"),),
    ),
    "raw_record": TableData({}, {"key_id": How.BLANK, "nonce": How.BLANK, "content": How.BLANK}, _ITEM, deleted=True),
    "classification": TableData(
        free(_LABEL, "model_version kinds primary topic aspects note complexity sensitivity"),
        {"evidence": How.BLANK},
        _ITEM,
    ),
    "topic_complexity": TableData(free(_LABEL, "topic complexity") | free("Written by our own people.", "reason")),
    "topic_training": TableData(
        free("Names of a company's own topics and files, and figures.", "file_name report")
        | free("What is wrong with a file, never its words.", "problem")
        | free("The file while a worker reads it; it goes when it is done.", "content")
    ),
    "kind_training": TableData(free("Figures, and what stopped it; never a customer's words.", "report problem")),
    "correction": TableData(free(_LABEL, "field before after")),
    "decision": TableData({}, {"reason": How.WORDS}, _ITEM),
    "tag": TableData(free("Written by our own people for many items.", "name") | free(_US, "group_key")),
    "item_tag": TableData(rows=_ITEM),
    "theme": TableData(
        free("Words that several customers used, after masking.", "name words")
        | free("Written by our own people.", "learnt told")
        | free("Hashes from which no word can be read.", "exemplars")
    ),
    "theme_item": TableData({}, {"signature": How.BLANK}, _ITEM),
    "theme_change": TableData(
        free(_LABEL, "verb") | free("Names of themes, ids, and what our own people wrote.", "before after")
    ),
    "reply": TableData(free(_LABEL, "channel"), {"text": How.WORDS}, _ITEM),
    "outbound_message": TableData(
        free(_LABEL, "channel held_for warned") | free(_SOURCE, "key way files") | free(_US, "from_name from_address"),
        {
            "to_address": How.BLANK,
            "copies": How.BLANK,
            "subject": How.BLANK,
            "text": How.WORDS,
            "answers": How.BLANK,
            "drafted": How.BLANK,
            "last_error": How.BLANK,
            "remote_id": How.BLANK,
            "url": How.BLANK,
        },
        (*_ITEM, Rows("customer", "customer_id")),
    ),
    "outbound_step": TableData({}, {"why": How.SCRUB}),
    "outbound_receipt": TableData(free(_LABEL, "state"), {"remote_id": How.SCRUB, "why": How.SCRUB}),
    "reply_template": TableData(free("Written by our own people for everybody.", "name subject text topic")),
    "reply_in_writing": TableData({}, {"written": How.BLANK}, _ITEM, deleted=True),
    "reply_proposal": TableData(
        {}, {"subject": How.BLANK, "text": How.WORDS, "wish": How.BLANK, "note": How.WORDS}, _ITEM
    ),
    "mentoring": TableData(free("Written by our own people about each other.", "reason")),
    "playbook": TableData(free(_LABEL, "topic kind tone") | free("Written by our own people for everybody.", "name")),
    "playbook_version": TableData(free("Written by our own people for everybody.", "steps reason")),
    "playbook_use": TableData(rows=_ITEM),
    "playbook_step": TableData({}, {"why": How.SCRUB}),
    "distribution": TableData(
        free(_US, "group_key from_group process_key") | free(_LABEL, "outcome"),
        {"note": How.BLANK, "result": How.BLANK},
        _ITEM,
    ),
    "customer": TableData(free(_LABEL, "preferred_channel stage"), {"name": How.BLANK}, (Rows("customer", "id"),)),
    "customer_change": TableData(
        free(_LABEL, "verb"), {"reason": How.BLANK}, (Rows("customer", "customer_id"), Rows("customer", "other_id"))
    ),
    "customer_change_part": TableData(free(_LABEL, "thing field"), {"before": How.SCRUB, "after": How.SCRUB}),
    "conversation_note": TableData({}, {"text": How.WORDS}, (Rows("conversation", "conversation_id"),)),
    "link_proposal": TableData(
        free(_LABEL, "kind"),
        {"evidence": How.BLANK},
        (
            Rows("item", "item_id"),
            Rows("customer", "left_id", ("kind", "customer")),
            Rows("customer", "right_id", ("kind", "customer")),
        ),
    ),
    "consent": TableData(free(_LABEL, "purpose channel"), {"given_by": How.SCRUB}),
    "own_address": TableData(free("The company's own addresses.", "scope value")),
    "blocked_sender": TableData(free(_SOURCE, "scope"), {"value": How.SCRUB, "reason": How.SCRUB}),
    "contact_point": TableData(
        free(_SOURCE, "scope source"), {"value": How.KEY, "evidence": How.BLANK}, (Rows("customer", "customer_id"),)
    ),
    "thread_key": TableData(
        free(_SOURCE, "source"),
        {"key": How.KEY},
        (Rows("customer", "customer_key"), Rows("conversation", "conversation_id")),
    ),
    "customer_link": TableData(free(_US, "method author"), {"evidence": How.BLANK}, _ITEM),
    "conversation_link": TableData(free(_US, "method author"), {"evidence": How.BLANK, "note": How.BLANK}, _ITEM),
    "import_run": TableData(
        free(_SOURCE, "format channel source mapping day_key")
        | free("The file while a worker reads it; it goes when it is done.", "content"),
        {"file_name": How.SCRUB, "problem": How.SCRUB, "set_aside": How.SCRUB},
    ),
    "import_row_error": TableData({}, {"reason": How.SCRUB, "raw": How.SCRUB, "item": How.SCRUB}),
    "saved_mapping": TableData(free(_SOURCE, "name format mapping")),
    "source_option": TableData(free(_SOURCE, "source options")),
    "webhook_source": TableData(free(_SOURCE, "name key secret channel source mapping")),
    "connector": TableData(free(_SOURCE, "kind name source channel settings cursor"), {"last_error": How.SCRUB}),
    "answer_target": TableData(free(_US, "group_key") | free(_LABEL, "channel")),
    "promise": TableData(
        {},
        {"text": How.WORDS, "note": How.WORDS},
        (Rows("item", "item_id"), Rows("customer", "customer_id")),
    ),
    "web_form": TableData(free(_SOURCE, "name key source channel question language sites")),
    "held_answer": TableData(free(_LABEL, "why"), {"answer": How.SCRUB}),
    "portal_link": TableData(
        free("Random, and a name of a key.", "salt key_id"), {"token_hash": How.KEY}, _ITEM, deleted=True
    ),
    "portal_code": TableData(free("Keyed hashes that are deleted within a day.", "address_hash code_hash")),
    "portal_visit": TableData(free("A hash of a random word.", "token_hash")),
    "article": TableData(
        free(_LABEL, "topic"), {"title": How.SCRUB, "text": How.SCRUB, "credited_name": How.BLANK}, _ITEM
    ),
    "article_use": TableData(free(_LABEL, "kind")),
    "settled_difference": TableData({}, {"reason": How.SCRUB}),
    "survey_invitation": TableData(
        free(_LABEL, "arm stopped_because") | free("Random, its hash, and a name of a key.", "salt key_id token_hash")
    ),
    "contact_wish": TableData(
        free(_LABEL, "channel"), {"note": How.BLANK}, (Rows("customer", "customer_id"),), deleted=True
    ),
    "channel_advice": TableData(free(_LABEL, "cells") | free("Written by our own people.", "reason")),
    "incident": TableData(
        free(_LABEL, "theme") | free("Written by our own people.", "calmer_because"),
        {"title": How.SCRUB, "reason": How.SCRUB},
    ),
    "incident_item": TableData(rows=_ITEM),
    "incident_update": TableData(free(_SOURCE, "posted_url"), {"text": How.SCRUB}),
    "incident_told": TableData(free(_SOURCE, "person why"), rows=_ITEM),
    "incident_workaround": TableData({}, {"text": How.SCRUB, "verdict": How.SCRUB, "credited_name": How.BLANK}, _ITEM),
    "incident_entry": TableData(free(_LABEL, "kind"), {"text": How.SCRUB}),
    "incident_grade": TableData(free(_LABEL, "side"), {"why": How.SCRUB}),
    "erasure": TableData(free("Scrubbed when it is written: counts and why.", "reason went backups erased_by_name")),
    "data_retention": TableData(free("Written by our own people.", "source reason asked_by_name")),
}
"""Table -> what it holds."""

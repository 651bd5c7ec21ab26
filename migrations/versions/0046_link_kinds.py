"""The kind of a link: what opened a case is told apart from what was said before, during and after it.

Revision: 0046, after 0045
"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

KINDS = ("said_before", "opened_by", "said_during", "said_after", "about_artefact", "suggested", "by_hand")

OF_THE_ITEM = """
    UPDATE attribution SET kind = 'opened_by' WHERE method = 'recorded' AND instance_id IS NOT NULL AND (
        EXISTS (
            SELECT 1 FROM trigger_firing f JOIN feedback_item i ON i.id = attribution.item_id
            WHERE f.instance_id = attribution.instance_id AND f.outcome = 'started'
            AND f.item_id = COALESCE(i.first_id, i.id)
        )
        OR EXISTS (
            SELECT 1 FROM process_instance p JOIN feedback_item i ON i.id = attribution.item_id
            WHERE p.id = attribution.instance_id
            AND p.business_key = 'item-' || CAST(COALESCE(i.first_id, i.id) AS VARCHAR(20))
            AND i.placed_at <= p.started_at
        )
    )
"""
"""The item that a trigger began the case for, or whose number the case was begun under by hand."""


def upgrade() -> None:
    listed = ", ".join(f"'{kind}'" for kind in KINDS)
    with op.batch_alter_table("attribution") as table:
        # What the release before writes is what it writes most: the item that opened a case.
        table.add_column(sa.Column("kind", sa.String(20), nullable=False, server_default="opened_by"))
        table.create_check_constraint(op.f("ck_attribution_kind"), f"kind IN ({listed})")
    op.execute("UPDATE attribution SET kind = 'by_hand' WHERE method = 'human'")
    op.execute("UPDATE attribution SET kind = 'suggested' WHERE method = 'suggested'")
    # Recorded without a case: an answer to a survey about words that a person had placed.
    op.execute("UPDATE attribution SET kind = 'said_after' WHERE method = 'recorded' AND instance_id IS NULL")
    for kind, when in (
        ("said_before", "i.placed_at <= p.started_at"),
        ("said_after", "i.placed_at > p.started_at AND p.ended_at IS NOT NULL AND i.placed_at >= p.ended_at"),
        ("said_during", "i.placed_at > p.started_at AND (p.ended_at IS NULL OR i.placed_at < p.ended_at)"),
    ):
        op.execute(
            f"UPDATE attribution SET kind = '{kind}' WHERE method = 'recorded' AND EXISTS ("  # noqa: S608 (our own words)
            "SELECT 1 FROM process_instance p, feedback_item i "
            f"WHERE p.id = attribution.instance_id AND i.id = attribution.item_id AND {when})"
        )
    op.execute(OF_THE_ITEM)


def downgrade() -> None:
    with op.batch_alter_table("attribution") as table:
        table.drop_constraint(op.f("ck_attribution_kind"), type_="check")
        table.drop_column("kind")

"""Causes of cases, artefacts of activities, and how far links were looked at.

Revision: 0056, after 0055
"""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")


def _id() -> sa.Column[int]:
    return sa.Column("id", NUMBER, autoincrement=True, nullable=False)


def _key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _refers(table: str, column: str, to: str, *, gone: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], ondelete=gone, name=op.f(f"fk_{table}_{column}_{to}"))


def _one_of(table: str, column: str, words: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words.split())
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}"))


def upgrade() -> None:
    name = "artefact"
    op.create_table(
        name, _id(), sa.Column("definition_key", sa.String(200), nullable=False),
        sa.Column("element", sa.String(300), nullable=False), sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("name", sa.String(200), nullable=False), sa.Column("phrases", JSON, nullable=False),
        sa.Column("created_by", NUMBER, nullable=True), sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("retired_at", INSTANT, nullable=True),
        _one_of(name, "kind", "letter label page form offer campaign other"),
        _refers(name, "created_by", "user_account"), _key(name),
    )  # fmt: skip
    op.create_index("ix_artefact_definition_key", name, ["definition_key", "element"])
    with op.batch_alter_table("attribution") as table:
        table.add_column(sa.Column("artefact_id", NUMBER, nullable=True))
        table.create_foreign_key(
            "fk_attribution_artefact_id_artefact", "artefact", ["artefact_id"], ["id"], ondelete="SET NULL"
        )
        table.create_index("ix_attribution_artefact_id", ["artefact_id"])
    name = "cause"
    op.create_table(
        name, _id(), sa.Column("instance_id", NUMBER, nullable=False), sa.Column("item_id", NUMBER, nullable=False),
        sa.Column("causing_instance_id", NUMBER, nullable=True), sa.Column("outside_case_id", NUMBER, nullable=True),
        sa.Column("element", sa.String(300), nullable=False), sa.Column("how", sa.String(10), nullable=False),
        sa.Column("evidence", sa.String(300), nullable=False), sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False), sa.Column("attribution_id", NUMBER, nullable=True),
        sa.Column("author", sa.String(120), nullable=False), sa.Column("at", INSTANT, nullable=False),
        _one_of(name, "how", "key object customer"), _one_of(name, "status", "found asked confirmed dropped"),
        sa.CheckConstraint(
            "(causing_instance_id IS NULL) <> (outside_case_id IS NULL)", name=op.f(f"ck_{name}_one_case")
        ),
        _refers(name, "instance_id", "process_instance", gone="CASCADE"),
        _refers(name, "item_id", "feedback_item", gone="CASCADE"),
        _refers(name, "causing_instance_id", "process_instance", gone="CASCADE"),
        _refers(name, "outside_case_id", "outside_case", gone="CASCADE"),
        _refers(name, "attribution_id", "attribution", gone="SET NULL"),
        sa.UniqueConstraint(
            "instance_id", "causing_instance_id", name=op.f(f"uq_{name}_instance_id_causing_instance_id")
        ),
        sa.UniqueConstraint("instance_id", "outside_case_id", name=op.f(f"uq_{name}_instance_id_outside_case_id")),
        _key(name),
    )  # fmt: skip
    op.create_index("ix_cause_status", name, ["status", "id"])
    for column in ("item_id", "causing_instance_id", "outside_case_id", "attribution_id"):
        op.create_index(f"ix_cause_{column}", name, [column])
    op.create_table(
        "link_look", sa.Column("name", sa.String(40), nullable=False), sa.Column("up_to", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_link_look")),
    )  # fmt: skip


def downgrade() -> None:
    for table in ("link_look", "cause"):
        op.drop_table(table)
    with op.batch_alter_table("attribution") as table:
        table.drop_index("ix_attribution_artefact_id")
        table.drop_constraint("fk_attribution_artefact_id_artefact", type_="foreignkey")
        table.drop_column("artefact_id")
    op.drop_table("artefact")

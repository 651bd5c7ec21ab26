"""People in conversations and what colleagues make of them: roles, changes that can be undone, proposals, consent.

Revision: 0023, after 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")
VOICES = ("customer", "prospect", "employee", "partner", "supplier")
KINDS = ("email", "phone", "handle", "id")
ROLES = ("author", "mentioned", "agent", "bystander")
TABLES = (
    "blocked_sender",
    "own_address",
    "consent",
    "link_proposal",
    "customer_change_part",
    "customer_change",
    "conversation_person",
)
INDEXES = (
    ("ix_thread_key_conversation", "thread_key", ["conversation_id"]),
    ("ix_contact_point_home_id", "contact_point", ["home_id"]),
    ("ix_customer_merged_into_id", "customer", ["merged_into_id"]),
)


def upgrade() -> None:
    for table in ("customer", "feedback_item"):
        listed = ", ".join(f"'{word}'" for word in VOICES)
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN voice VARCHAR(10) DEFAULT 'customer' NOT NULL"
            f" CONSTRAINT ck_{table}_voice CHECK (voice IN ({listed}))"
        )
    for column in (
        sa.Column("preferred_channel", sa.String(10), nullable=True),
        sa.Column("stage", sa.String(40), nullable=True),
        sa.Column("merged_into_id", NUMBER, nullable=True),
        sa.Column("origin_id", NUMBER, nullable=True),
        sa.Column("retired_at", INSTANT, nullable=True),
    ):
        op.add_column("customer", column)
    op.add_column("contact_point", sa.Column("home_id", NUMBER, nullable=True))
    op.add_column("contact_point", sa.Column("ended_at", INSTANT, nullable=True))
    op.add_column("feedback_item", sa.Column("held_at", INSTANT, nullable=True))
    op.add_column("feedback_item", sa.Column("held_because", sa.String(200), nullable=False, server_default=""))
    only = sa.text("held_at IS NOT NULL")
    op.create_index(
        "ix_feedback_item_held", "feedback_item", ["held_at", "id"], sqlite_where=only, postgresql_where=only
    )
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)
    _people()
    _changes()
    _proposals()
    _addresses()
    _fill()


def _key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _id() -> sa.Column[int]:
    return sa.Column("id", NUMBER, autoincrement=True, nullable=False)


def _refers(table: str, column: str, to: str, *, gone: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], ondelete=gone, name=op.f(f"fk_{table}_{column}_{to}"))


def _one_of(table: str, column: str, words: tuple[str, ...]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}"))


def _people() -> None:
    name = "conversation_person"
    op.create_table(
        name,
        _id(),
        sa.Column("conversation_id", NUMBER, nullable=False),
        sa.Column("home_id", NUMBER, nullable=True),
        sa.Column("customer_id", NUMBER, nullable=True),
        sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("first_at", INSTANT, nullable=False),
        sa.Column("last_at", INSTANT, nullable=False),
        sa.CheckConstraint("(home_id IS NULL) <> (user_id IS NULL)", name=op.f(f"ck_{name}_somebody")),
        _one_of(name, "role", ROLES),
        _refers(name, "conversation_id", "conversation", gone="CASCADE"),
        _refers(name, "home_id", "customer", gone="CASCADE"),
        _refers(name, "customer_id", "customer", gone="CASCADE"),
        _refers(name, "user_id", "user_account"),
        _key(name),
        sa.UniqueConstraint("conversation_id", "home_id", "role", name=op.f(f"uq_{name}_conversation_id_home_id_role")),
        sa.UniqueConstraint("conversation_id", "user_id", "role", name=op.f(f"uq_{name}_conversation_id_user_id_role")),
    )
    op.create_index("ix_conversation_person_customer", name, ["customer_id", "last_at"])
    op.create_index("ix_conversation_person_home", name, ["home_id"])
    op.create_index("ix_conversation_person_user_id", name, ["user_id"])


def _changes() -> None:
    op.create_table(
        "customer_change",
        _id(),
        sa.Column("verb", sa.String(20), nullable=False),
        sa.Column("customer_id", NUMBER, nullable=False),
        sa.Column("other_id", NUMBER, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.Column("undone_by", NUMBER, nullable=True),
        _refers("customer_change", "user_id", "user_account"),
        _refers("customer_change", "undone_by", "user_account"),
        _key("customer_change"),
    )
    op.create_index("ix_customer_change_customer_id", "customer_change", ["customer_id"])
    op.create_index("ix_customer_change_other_id", "customer_change", ["other_id"])
    op.create_table(
        "customer_change_part",
        _id(),
        sa.Column("change_id", NUMBER, nullable=False),
        sa.Column("thing", sa.String(20), nullable=False),
        sa.Column("thing_id", NUMBER, nullable=False),
        sa.Column("field", sa.String(20), nullable=False),
        sa.Column("before", JSON, nullable=True),
        sa.Column("after", JSON, nullable=True),
        _refers("customer_change_part", "change_id", "customer_change", gone="CASCADE"),
        _key("customer_change_part"),
    )
    op.create_index("ix_customer_change_part_change_id", "customer_change_part", ["change_id"])
    op.create_index("ix_customer_change_part_thing", "customer_change_part", ["thing", "thing_id", "field"])


def _proposals() -> None:
    name = "link_proposal"
    op.create_table(
        name,
        _id(),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("left_id", NUMBER, nullable=False),
        sa.Column("right_id", NUMBER, nullable=False),
        sa.Column("item_id", NUMBER, nullable=True),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("evidence", JSON, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("settled_by", NUMBER, nullable=True),
        _one_of(name, "kind", ("conversation", "customer")),
        _refers(name, "item_id", "feedback_item"),
        _refers(name, "settled_by", "user_account"),
        _key(name),
        sa.UniqueConstraint("kind", "left_id", "right_id", name=op.f(f"uq_{name}_kind_left_id_right_id")),
    )
    for column in ("left_id", "right_id", "item_id"):
        op.create_index(f"ix_{name}_{column}", name, [column])
    op.create_index("ix_link_proposal_open", name, ["accepted", "confidence", "id"])


def _addresses() -> None:
    op.create_table(
        "consent",
        _id(),
        sa.Column("contact_point_id", NUMBER, nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.Column("noted_by", NUMBER, nullable=True),
        _refers("consent", "contact_point_id", "contact_point", gone="CASCADE"),
        _refers("consent", "noted_by", "user_account"),
        _key("consent"),
    )
    op.create_index("ix_consent_contact_point_id", "consent", ["contact_point_id"])
    for table in ("own_address", "blocked_sender"):
        op.create_table(
            table,
            _id(),
            sa.Column("kind", sa.String(10), nullable=False),
            sa.Column("scope", sa.String(120), nullable=False),
            sa.Column("value", sa.String(320), nullable=False),
            *_of(table),
            _one_of(table, "kind", KINDS),
            _key(table),
        )
    op.create_index("ix_blocked_sender_value", "blocked_sender", ["value"])


def _of(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    if table == "own_address":
        return (
            sa.Column("created_at", INSTANT, nullable=False),
            sa.UniqueConstraint("kind", "scope", "value", name=op.f("uq_own_address_kind_scope_value")),
        )
    return (
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("lifted_at", INSTANT, nullable=True),
        _refers(table, "user_id", "user_account"),
    )


def _fill() -> None:
    """Who took part until now: authors by their items, colleagues by their replies."""
    op.execute(
        "INSERT INTO conversation_person (conversation_id, home_id, customer_id, role, first_at, last_at)"
        " SELECT conversation_id, customer_id, customer_id, 'author', min(placed_at), max(placed_at)"
        " FROM feedback_item WHERE conversation_id IS NOT NULL AND customer_id IS NOT NULL"
        " GROUP BY conversation_id, customer_id"
    )
    op.execute(
        "INSERT INTO conversation_person (conversation_id, user_id, role, first_at, last_at)"
        " SELECT i.conversation_id, r.author_user_id, 'agent', min(r.approved_at), max(r.approved_at)"
        " FROM reply r JOIN feedback_item i ON i.id = r.item_id"
        " WHERE i.conversation_id IS NOT NULL GROUP BY i.conversation_id, r.author_user_id"
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    for name, table, _columns in reversed(INDEXES):
        op.drop_index(name, table)
    op.drop_index("ix_feedback_item_held", "feedback_item")
    for table, columns in (
        ("feedback_item", ("held_because", "held_at", "voice")),
        ("contact_point", ("ended_at", "home_id")),
        ("customer", ("retired_at", "origin_id", "merged_into_id", "stage", "preferred_channel", "voice")),
    ):
        for column in columns:
            op.drop_column(table, column)

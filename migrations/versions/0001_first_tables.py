"""The first tables: identity, engine, feedback, processes.

Revision: 0001, after None
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "customer",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
    )
    op.create_table(
        "notice",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_notice")),
    )
    op.create_table(
        "process_definition",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("live_version_id", ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_definition")),
        sa.UniqueConstraint("key", name=op.f("uq_process_definition_key")),
    )
    op.create_table(
        "process_spec",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_process_spec")),
    )
    op.create_table(
        "saved_mapping",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("mapping", DOCUMENT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_mapping")),
        sa.UniqueConstraint("name", name=op.f("uq_saved_mapping_name")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("username", sa.String(length=80), nullable=False),
        sa.Column("display_name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=300), nullable=False),
        sa.Column("roles", DOCUMENT, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("session_mark", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("username", name=op.f("uq_user_account_username")),
    )
    op.create_table(
        "user_group",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_group")),
        sa.UniqueConstraint("key", name=op.f("uq_user_group_key")),
    )
    op.create_table(
        "webhook_source",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("secret", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("mapping", DOCUMENT, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_source")),
        sa.UniqueConstraint("key", name=op.f("uq_webhook_source_key")),
    )
    op.create_table(
        "worker_heartbeat",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker_heartbeat")),
    )
    op.create_table(
        "contact_point",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("scope", sa.String(length=120), nullable=False),
        sa.Column("value", sa.String(length=320), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("evidence", DOCUMENT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.CheckConstraint("kind IN ('email', 'phone', 'handle', 'id')", name=op.f("ck_contact_point_kind")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_contact_point_customer_id_customer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_point")),
        sa.UniqueConstraint("kind", "scope", "value", name=op.f("uq_contact_point_kind_scope_value")),
    )
    with op.batch_alter_table("contact_point", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_point_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "conversation",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("customer_id", ID, nullable=True),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("last_at", INSTANT, nullable=False),
        sa.Column("merged_into_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_conversation_customer_id_customer")),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["conversation.id"], name=op.f("fk_conversation_merged_into_id_conversation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
    )
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conversation_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "import_run",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("file_name", sa.String(length=400), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("mapping", DOCUMENT, nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("total_bytes", ID, nullable=False),
        sa.Column("done_bytes", ID, nullable=False),
        sa.Column("done_rows", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("created_by", ID, nullable=True),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "status IN ('draft', 'waiting', 'running', 'done', 'failed', 'undone')", name=op.f("ck_import_run_status")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f("fk_import_run_created_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    op.create_table(
        "membership",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("group_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["user_group.id"], name=op.f("fk_membership_group_id_user_group"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_membership_user_id_user_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "group_id", name=op.f("pk_membership")),
    )
    op.create_table(
        "process_trigger",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("definition_key", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("message", sa.String(length=200), nullable=False),
        sa.Column("key_field", sa.String(length=80), nullable=False),
        sa.Column("while_running", sa.String(length=20), nullable=False),
        sa.Column("conditions", DOCUMENT, nullable=False),
        sa.Column("fields", DOCUMENT, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("active_since", INSTANT, nullable=True),
        sa.Column("created_by", ID, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.CheckConstraint("action IN ('start', 'correlate')", name=op.f("ck_process_trigger_action")),
        sa.CheckConstraint("while_running IN ('join', 'start')", name=op.f("ck_process_trigger_while_running")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f("fk_process_trigger_created_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_trigger")),
    )
    with op.batch_alter_table("process_trigger", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_process_trigger_active"), ["active"], unique=False)
        batch_op.create_index(batch_op.f("ix_process_trigger_definition_key"), ["definition_key"], unique=False)

    op.create_table(
        "process_version",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("definition_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=300), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("executable", sa.LargeBinary(), nullable=False),
        sa.Column("specs", DOCUMENT, nullable=False),
        sa.Column("processes", DOCUMENT, nullable=False),
        sa.Column("primary_process", sa.String(length=300), nullable=False),
        sa.Column("elements", DOCUMENT, nullable=False),
        sa.Column("findings", DOCUMENT, nullable=False),
        sa.Column("forms", DOCUMENT, nullable=False),
        sa.Column("tests", DOCUMENT, nullable=False),
        sa.Column("test_results", DOCUMENT, nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("created_by", ID, nullable=True),
        sa.Column("live_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f("fk_process_version_created_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["definition_id"],
            ["process_definition.id"],
            name=op.f("fk_process_version_definition_id_process_definition"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_version")),
        sa.UniqueConstraint(
            "definition_id", "content_hash", name=op.f("uq_process_version_definition_id_content_hash")
        ),
        sa.UniqueConstraint("definition_id", "number", name=op.f("uq_process_version_definition_id_number")),
    )
    op.create_table(
        "upload",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("file_name", sa.String(length=300), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("report", DOCUMENT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("created_by", ID, nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["user_account.id"], name=op.f("fk_upload_created_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    op.create_table(
        "episode",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("last_at", INSTANT, nullable=False),
        sa.Column("first_answer_at", INSTANT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_episode_conversation_id_conversation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episode")),
    )
    with op.batch_alter_table("episode", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_episode_conversation_id"), ["conversation_id"], unique=False)

    op.create_table(
        "import_row_error",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"], name=op.f("fk_import_row_error_run_id_import_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row_error")),
    )
    with op.batch_alter_table("import_row_error", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_row_error_run_id"), ["run_id"], unique=False)

    op.create_table(
        "process_instance",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("process_id", sa.String(length=300), nullable=True),
        sa.Column("bindings", DOCUMENT, nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=True),
        sa.Column("variables", DOCUMENT, nullable=False),
        sa.Column("business_key", sa.String(length=200), nullable=True),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("started_by", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["started_by"], ["user_account.id"], name=op.f("fk_process_instance_started_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["process_version.id"], name=op.f("fk_process_instance_version_id_process_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_instance")),
    )
    with op.batch_alter_table("process_instance", schema=None) as batch_op:
        batch_op.create_index("ix_process_instance_business_key", ["business_key"], unique=False)
        batch_op.create_index("ix_process_instance_version_status", ["version_id", "status", "id"], unique=False)

    op.create_table(
        "signature",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("department", sa.String(length=80), nullable=False),
        sa.Column("user_id", ID, nullable=True),
        sa.Column("signed_at", INSTANT, nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_signature_user_id_user_account")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["process_version.id"], name=op.f("fk_signature_version_id_process_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
        sa.UniqueConstraint("version_id", "department", name=op.f("uq_signature_version_id_department")),
    )
    op.create_table(
        "thread_key",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=400), nullable=False),
        sa.Column("customer_key", ID, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_thread_key_conversation_id_conversation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_key")),
        sa.UniqueConstraint("source", "key", "customer_key", name=op.f("uq_thread_key_source_key_customer_key")),
    )
    op.create_table(
        "activity_instance",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("instance_id", ID, nullable=False),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("uid", sa.String(length=40), nullable=False),
        sa.Column("element", sa.String(length=300), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("parent", sa.String(length=40), nullable=True),
        sa.Column("process", sa.String(length=300), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("actor_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f("fk_activity_instance_actor_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_activity_instance_instance_id_process_instance")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["process_version.id"], name=op.f("fk_activity_instance_version_id_process_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_instance")),
    )
    with op.batch_alter_table("activity_instance", schema=None) as batch_op:
        batch_op.create_index("ix_activity_instance_instance_uid", ["instance_id", "uid"], unique=False)
        batch_op.create_index("ix_activity_instance_version_opened", ["version_id", "opened_at"], unique=False)

    op.create_table(
        "event_subscription",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("instance_id", ID, nullable=True),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("process_id", sa.String(length=300), nullable=True),
        sa.Column("uid", sa.String(length=40), nullable=False),
        sa.Column("element", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("event", sa.String(length=300), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_event_subscription_instance_id_process_instance")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["process_version.id"], name=op.f("fk_event_subscription_version_id_process_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_subscription")),
    )
    with op.batch_alter_table("event_subscription", schema=None) as batch_op:
        batch_op.create_index(
            "ix_event_subscription_due",
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("kind = 'timer' AND status = 'open'"),
            postgresql_where=sa.text("kind = 'timer' AND status = 'open'"),
        )
        batch_op.create_index("ix_event_subscription_event", ["kind", "event", "key", "status", "id"], unique=False)
        batch_op.create_index("ix_event_subscription_instance_uid", ["instance_id", "uid"], unique=False)
        batch_op.create_index("ix_event_subscription_version", ["version_id", "status"], unique=False)

    op.create_table(
        "feedback_item",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("natural_key", sa.String(length=400), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("supersedes_id", ID, nullable=True),
        sa.Column("first_id", ID, nullable=True),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("subject", sa.String(length=400), nullable=False),
        sa.Column("said_at", INSTANT, nullable=False),
        sa.Column("revised_at", INSTANT, nullable=True),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("author_name", sa.String(length=200), nullable=False),
        sa.Column("author_handle", sa.String(length=320), nullable=False),
        sa.Column("rating", sa.Float(), nullable=True),
        sa.Column("url", sa.String(length=1000), nullable=False),
        sa.Column("extra", DOCUMENT, nullable=False),
        sa.Column("raw", DOCUMENT, nullable=False),
        sa.Column("import_run_id", ID, nullable=True),
        sa.Column("conversation_id", ID, nullable=True),
        sa.Column("episode_id", ID, nullable=True),
        sa.Column("customer_id", ID, nullable=True),
        sa.Column("classified_at", INSTANT, nullable=True),
        sa.Column("decision", sa.String(length=20), nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("distributed_to", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "channel IN ('social', 'call', 'email', 'survey', 'review', 'chat')", name=op.f("ck_feedback_item_channel")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_feedback_item_conversation_id_conversation")
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_feedback_item_customer_id_customer")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_feedback_item_episode_id_episode")),
        sa.ForeignKeyConstraint(
            ["first_id"], ["feedback_item.id"], name=op.f("fk_feedback_item_first_id_feedback_item")
        ),
        sa.ForeignKeyConstraint(
            ["import_run_id"], ["import_run.id"], name=op.f("fk_feedback_item_import_run_id_import_run")
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["feedback_item.id"], name=op.f("fk_feedback_item_supersedes_id_feedback_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_item")),
        sa.UniqueConstraint(
            "source", "natural_key", "version", name=op.f("uq_feedback_item_source_natural_key_version")
        ),
    )
    with op.batch_alter_table("feedback_item", schema=None) as batch_op:
        batch_op.create_index("ix_feedback_item_conversation", ["conversation_id", "said_at"], unique=False)
        batch_op.create_index("ix_feedback_item_customer", ["customer_id", "channel", "said_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_feedback_item_episode_id"), ["episode_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_feedback_item_import_run_id"), ["import_run_id"], unique=False)
        batch_op.create_index("ix_feedback_item_said", ["said_at", "id"], unique=False)
        batch_op.create_index(
            "ix_feedback_item_unclassified",
            ["id"],
            unique=False,
            sqlite_where=sa.text("classified_at IS NULL AND current"),
            postgresql_where=sa.text("classified_at IS NULL AND current"),
        )

    op.create_table(
        "job",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("instance_id", ID, nullable=False),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("uid", sa.String(length=40), nullable=False),
        sa.Column("element", sa.String(length=300), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("topic", sa.String(length=300), nullable=False),
        sa.Column("payload", DOCUMENT, nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("retries", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("run_at", INSTANT, nullable=False),
        sa.Column("lease_owner", sa.String(length=80), nullable=True),
        sa.Column("lease_until", INSTANT, nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_job_instance_id_process_instance")
        ),
        sa.ForeignKeyConstraint(["version_id"], ["process_version.id"], name=op.f("fk_job_version_id_process_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_due", ["status", "run_at", "id"], unique=False)
        batch_op.create_index("ix_job_instance_uid", ["instance_id", "uid"], unique=False)
        batch_op.create_index("ix_job_lease", ["status", "lease_until", "id"], unique=False)

    op.create_table(
        "step_record",
        sa.Column("instance_id", ID, autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("command", sa.String(length=24), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_step_record_actor_id_user_account")),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_step_record_instance_id_process_instance")
        ),
        sa.PrimaryKeyConstraint("instance_id", "revision", name=op.f("pk_step_record")),
    )
    op.create_table(
        "work_item",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("instance_id", ID, nullable=False),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("uid", sa.String(length=40), nullable=False),
        sa.Column("element", sa.String(length=300), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("group_key", sa.String(length=80), nullable=True),
        sa.Column("assignee_id", ID, nullable=True),
        sa.Column("meant_for", sa.String(length=200), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("form", sa.String(length=300), nullable=True),
        sa.Column("called_version_id", ID, nullable=True),
        sa.Column("local", DOCUMENT, nullable=True),
        sa.Column("draft", DOCUMENT, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("claimed_at", INSTANT, nullable=True),
        sa.Column("completed_at", INSTANT, nullable=True),
        sa.Column("completed_by", ID, nullable=True),
        sa.Column("result", DOCUMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["user_account.id"], name=op.f("fk_work_item_assignee_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["called_version_id"], ["process_version.id"], name=op.f("fk_work_item_called_version_id_process_version")
        ),
        sa.ForeignKeyConstraint(
            ["completed_by"], ["user_account.id"], name=op.f("fk_work_item_completed_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_work_item_instance_id_process_instance")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["process_version.id"], name=op.f("fk_work_item_version_id_process_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_item")),
    )
    with op.batch_alter_table("work_item", schema=None) as batch_op:
        batch_op.create_index("ix_work_item_assignee", ["assignee_id", "status", "id"], unique=False)
        batch_op.create_index("ix_work_item_group", ["group_key", "status", "id"], unique=False)
        batch_op.create_index("ix_work_item_instance_uid", ["instance_id", "uid"], unique=False)
        batch_op.create_index("ix_work_item_offer", ["group_key", "status", "assignee_id", "id"], unique=False)
        batch_op.create_index("ix_work_item_status", ["status", "id"], unique=False)

    op.create_table(
        "attribution",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("definition_key", sa.String(length=200), nullable=False),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("instance_id", ID, nullable=True),
        sa.Column("element", sa.String(length=300), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("evidence", sa.String(length=300), nullable=False),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("valid_from", INSTANT, nullable=False),
        sa.Column("valid_to", INSTANT, nullable=True),
        sa.CheckConstraint("method IN ('recorded', 'human', 'suggested')", name=op.f("ck_attribution_method")),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instance.id"],
            name=op.f("fk_attribution_instance_id_process_instance"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["feedback_item.id"], name=op.f("fk_attribution_item_id_feedback_item"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["process_version.id"],
            name=op.f("fk_attribution_version_id_process_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attribution")),
    )
    with op.batch_alter_table("attribution", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attribution_definition_key"), ["definition_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_attribution_instance_id"), ["instance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attribution_item_id"), ["item_id"], unique=False)
        batch_op.create_index("ix_attribution_version_id_element", ["version_id", "element"], unique=False)

    op.create_table(
        "classification",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("model_version", sa.String(length=120), nullable=False),
        sa.Column("kinds", DOCUMENT, nullable=False),
        sa.Column("primary", sa.String(length=20), nullable=False),
        sa.Column("sentiment", sa.Double(), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=120), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("abstained", sa.Boolean(), nullable=False),
        sa.Column("evidence", DOCUMENT, nullable=False),
        sa.Column("classified_at", INSTANT, nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["feedback_item.id"], name=op.f("fk_classification_item_id_feedback_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classification")),
    )
    with op.batch_alter_table("classification", schema=None) as batch_op:
        batch_op.create_index("ix_classification_item", ["item_id"], unique=False)
        batch_op.create_index("ix_classification_primary", ["primary", "current"], unique=False)
        batch_op.create_index(
            "uq_classification_current",
            ["item_id"],
            unique=True,
            sqlite_where=sa.text("current"),
            postgresql_where=sa.text("current"),
        )

    op.create_table(
        "conversation_link",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("evidence", DOCUMENT, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("valid_from", INSTANT, nullable=False),
        sa.Column("valid_to", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_conversation_link_conversation_id_conversation")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["feedback_item.id"], name=op.f("fk_conversation_link_item_id_feedback_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation_link")),
    )
    with op.batch_alter_table("conversation_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conversation_link_conversation_id"), ["conversation_id"], unique=False)
        batch_op.create_index("ix_conversation_link_item", ["item_id", "valid_to"], unique=False)

    op.create_table(
        "correction",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.Column("before", DOCUMENT, nullable=True),
        sa.Column("after", DOCUMENT, nullable=True),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["feedback_item.id"], name=op.f("fk_correction_item_id_feedback_item")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_correction_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_correction_item_id"), ["item_id"], unique=False)

    op.create_table(
        "customer_link",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("evidence", DOCUMENT, nullable=False),
        sa.Column("valid_from", INSTANT, nullable=False),
        sa.Column("valid_to", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_customer_link_customer_id_customer")),
        sa.ForeignKeyConstraint(["item_id"], ["feedback_item.id"], name=op.f("fk_customer_link_item_id_feedback_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_link")),
    )
    with op.batch_alter_table("customer_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_customer_link_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index("ix_customer_link_item", ["item_id", "valid_to"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("user_id", ID, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint("decision IN ('do', 'not_now', 'no', 'no_reply_wanted')", name=op.f("ck_decision_decision")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_decision_reason")),
        sa.ForeignKeyConstraint(["item_id"], ["feedback_item.id"], name=op.f("fk_decision_item_id_feedback_item")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_decision_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_item_id"), ["item_id"], unique=False)

    op.create_table(
        "distribution",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("group_key", sa.String(length=80), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("user_id", ID, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["feedback_item.id"], name=op.f("fk_distribution_item_id_feedback_item")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_distribution_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distribution")),
    )
    with op.batch_alter_table("distribution", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_distribution_group_key"), ["group_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_distribution_item_id"), ["item_id"], unique=False)

    op.create_table(
        "failure",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("instance_id", ID, nullable=False),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("job_id", ID, nullable=True),
        sa.Column("uid", sa.String(length=40), nullable=False),
        sa.Column("element", sa.String(length=300), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("resolved_at", INSTANT, nullable=True),
        sa.Column("resolved_by", ID, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_failure_instance_id_process_instance")
        ),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_failure_job_id_job")),
        sa.ForeignKeyConstraint(["resolved_by"], ["user_account.id"], name=op.f("fk_failure_resolved_by_user_account")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["process_version.id"], name=op.f("fk_failure_version_id_process_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failure")),
    )
    with op.batch_alter_table("failure", schema=None) as batch_op:
        batch_op.create_index("ix_failure_instance_uid", ["instance_id", "uid"], unique=False)
        batch_op.create_index("ix_failure_status", ["status", "id"], unique=False)

    op.create_table(
        "improvement",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("definition_key", sa.String(length=200), nullable=False),
        sa.Column("element", sa.String(length=300), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("item_id", ID, nullable=True),
        sa.Column("instance_id", ID, nullable=True),
        sa.Column("job_key", sa.String(length=120), nullable=True),
        sa.Column("proposed_by", ID, nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "status IN ('proposed', 'approved', 'declined', 'concluded')", name=op.f("ck_improvement_status")
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instance.id"],
            name=op.f("fk_improvement_instance_id_process_instance"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["feedback_item.id"], name=op.f("fk_improvement_item_id_feedback_item"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["user_account.id"], name=op.f("fk_improvement_proposed_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement")),
        sa.UniqueConstraint("job_key", name=op.f("uq_improvement_job_key")),
    )
    with op.batch_alter_table("improvement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_improvement_definition_key"), ["definition_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_improvement_item_id"), ["item_id"], unique=False)

    op.create_table(
        "recognition",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("instance_id", ID, nullable=False),
        sa.Column("job_key", sa.String(length=120), nullable=False),
        sa.Column("recipient", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instance.id"],
            name=op.f("fk_recognition_instance_id_process_instance"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["feedback_item.id"], name=op.f("fk_recognition_item_id_feedback_item"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recognition")),
        sa.UniqueConstraint("job_key", name=op.f("uq_recognition_job_key")),
    )
    with op.batch_alter_table("recognition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recognition_instance_id"), ["instance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recognition_item_id"), ["item_id"], unique=False)

    op.create_table(
        "reply",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("author_user_id", ID, nullable=False),
        sa.Column("approved_at", INSTANT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.CheckConstraint("status IN ('kept', 'sent')", name=op.f("ck_reply_status")),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_reply_text")),
        sa.ForeignKeyConstraint(
            ["author_user_id"], ["user_account.id"], name=op.f("fk_reply_author_user_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_reply_conversation_id_conversation")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["feedback_item.id"], name=op.f("fk_reply_item_id_feedback_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
    )
    with op.batch_alter_table("reply", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reply_conversation_id"), ["conversation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reply_item_id"), ["item_id"], unique=False)

    op.create_table(
        "reply_draft",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("instance_id", ID, nullable=False),
        sa.Column("element", sa.String(length=300), nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.CheckConstraint("status IN ('waiting', 'sent', 'dropped')", name=op.f("ck_reply_draft_status")),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instance.id"],
            name=op.f("fk_reply_draft_instance_id_process_instance"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["feedback_item.id"], name=op.f("fk_reply_draft_item_id_feedback_item"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_reply_draft_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_draft")),
        sa.UniqueConstraint(
            "instance_id", "item_id", "element", name=op.f("uq_reply_draft_instance_id_item_id_element")
        ),
    )
    with op.batch_alter_table("reply_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reply_draft_item_id"), ["item_id"], unique=False)
        batch_op.create_index("ix_reply_draft_user_id_status", ["user_id", "status"], unique=False)

    op.create_table(
        "trigger_firing",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("trigger_id", ID, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("instance_id", ID, nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("fired_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "outcome IN ('started', 'correlated', 'joined', 'failed')", name=op.f("ck_trigger_firing_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instance.id"],
            name=op.f("fk_trigger_firing_instance_id_process_instance"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["feedback_item.id"], name=op.f("fk_trigger_firing_item_id_feedback_item"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["trigger_id"],
            ["process_trigger.id"],
            name=op.f("fk_trigger_firing_trigger_id_process_trigger"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trigger_firing")),
        sa.UniqueConstraint("trigger_id", "item_id", name=op.f("uq_trigger_firing_trigger_id_item_id")),
    )
    with op.batch_alter_table("trigger_firing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trigger_firing_item_id"), ["item_id"], unique=False)
        batch_op.create_index("ix_trigger_firing_trigger_id_id", ["trigger_id", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("trigger_firing", schema=None) as batch_op:
        batch_op.drop_index("ix_trigger_firing_trigger_id_id")
        batch_op.drop_index(batch_op.f("ix_trigger_firing_item_id"))

    op.drop_table("trigger_firing")
    with op.batch_alter_table("reply_draft", schema=None) as batch_op:
        batch_op.drop_index("ix_reply_draft_user_id_status")
        batch_op.drop_index(batch_op.f("ix_reply_draft_item_id"))

    op.drop_table("reply_draft")
    with op.batch_alter_table("reply", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reply_item_id"))
        batch_op.drop_index(batch_op.f("ix_reply_conversation_id"))

    op.drop_table("reply")
    with op.batch_alter_table("recognition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recognition_item_id"))
        batch_op.drop_index(batch_op.f("ix_recognition_instance_id"))

    op.drop_table("recognition")
    with op.batch_alter_table("improvement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_improvement_item_id"))
        batch_op.drop_index(batch_op.f("ix_improvement_definition_key"))

    op.drop_table("improvement")
    with op.batch_alter_table("failure", schema=None) as batch_op:
        batch_op.drop_index("ix_failure_status")
        batch_op.drop_index("ix_failure_instance_uid")

    op.drop_table("failure")
    with op.batch_alter_table("distribution", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_distribution_item_id"))
        batch_op.drop_index(batch_op.f("ix_distribution_group_key"))

    op.drop_table("distribution")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_item_id"))

    op.drop_table("decision")
    with op.batch_alter_table("customer_link", schema=None) as batch_op:
        batch_op.drop_index("ix_customer_link_item")
        batch_op.drop_index(batch_op.f("ix_customer_link_customer_id"))

    op.drop_table("customer_link")
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_correction_item_id"))

    op.drop_table("correction")
    with op.batch_alter_table("conversation_link", schema=None) as batch_op:
        batch_op.drop_index("ix_conversation_link_item")
        batch_op.drop_index(batch_op.f("ix_conversation_link_conversation_id"))

    op.drop_table("conversation_link")
    with op.batch_alter_table("classification", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_classification_current", sqlite_where=sa.text("current"), postgresql_where=sa.text("current")
        )
        batch_op.drop_index("ix_classification_primary")
        batch_op.drop_index("ix_classification_item")

    op.drop_table("classification")
    with op.batch_alter_table("attribution", schema=None) as batch_op:
        batch_op.drop_index("ix_attribution_version_id_element")
        batch_op.drop_index(batch_op.f("ix_attribution_item_id"))
        batch_op.drop_index(batch_op.f("ix_attribution_instance_id"))
        batch_op.drop_index(batch_op.f("ix_attribution_definition_key"))

    op.drop_table("attribution")
    with op.batch_alter_table("work_item", schema=None) as batch_op:
        batch_op.drop_index("ix_work_item_status")
        batch_op.drop_index("ix_work_item_offer")
        batch_op.drop_index("ix_work_item_instance_uid")
        batch_op.drop_index("ix_work_item_group")
        batch_op.drop_index("ix_work_item_assignee")

    op.drop_table("work_item")
    op.drop_table("step_record")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("ix_job_lease")
        batch_op.drop_index("ix_job_instance_uid")
        batch_op.drop_index("ix_job_due")

    op.drop_table("job")
    with op.batch_alter_table("feedback_item", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_feedback_item_unclassified",
            sqlite_where=sa.text("classified_at IS NULL AND current"),
            postgresql_where=sa.text("classified_at IS NULL AND current"),
        )
        batch_op.drop_index("ix_feedback_item_said")
        batch_op.drop_index(batch_op.f("ix_feedback_item_import_run_id"))
        batch_op.drop_index(batch_op.f("ix_feedback_item_episode_id"))
        batch_op.drop_index("ix_feedback_item_customer")
        batch_op.drop_index("ix_feedback_item_conversation")

    op.drop_table("feedback_item")
    with op.batch_alter_table("event_subscription", schema=None) as batch_op:
        batch_op.drop_index("ix_event_subscription_version")
        batch_op.drop_index("ix_event_subscription_instance_uid")
        batch_op.drop_index("ix_event_subscription_event")
        batch_op.drop_index(
            "ix_event_subscription_due",
            sqlite_where=sa.text("kind = 'timer' AND status = 'open'"),
            postgresql_where=sa.text("kind = 'timer' AND status = 'open'"),
        )

    op.drop_table("event_subscription")
    with op.batch_alter_table("activity_instance", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_instance_version_opened")
        batch_op.drop_index("ix_activity_instance_instance_uid")

    op.drop_table("activity_instance")
    op.drop_table("thread_key")
    op.drop_table("signature")
    with op.batch_alter_table("process_instance", schema=None) as batch_op:
        batch_op.drop_index("ix_process_instance_version_status")
        batch_op.drop_index("ix_process_instance_business_key")

    op.drop_table("process_instance")
    with op.batch_alter_table("import_row_error", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_row_error_run_id"))

    op.drop_table("import_row_error")
    with op.batch_alter_table("episode", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_episode_conversation_id"))

    op.drop_table("episode")
    op.drop_table("upload")
    op.drop_table("process_version")
    with op.batch_alter_table("process_trigger", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_process_trigger_definition_key"))
        batch_op.drop_index(batch_op.f("ix_process_trigger_active"))

    op.drop_table("process_trigger")
    op.drop_table("membership")
    op.drop_table("import_run")
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conversation_customer_id"))

    op.drop_table("conversation")
    with op.batch_alter_table("contact_point", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_point_customer_id"))

    op.drop_table("contact_point")
    op.drop_table("worker_heartbeat")
    op.drop_table("webhook_source")
    op.drop_table("user_group")
    op.drop_table("user_account")
    op.drop_table("saved_mapping")
    op.drop_table("process_spec")
    op.drop_table("process_definition")
    op.drop_table("notice")
    op.drop_table("customer")

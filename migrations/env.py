"""Runs the migrations on the connection that `bpm.cli.database` hands over."""

from alembic import context

import bpm.wiring  # noqa: F401 (brings every room's tables into the metadata)
from bpm.foundation.db import Base
from bpm.schema import is_ours

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    include_name=is_ours,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()

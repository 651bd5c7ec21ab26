"""Columns that more than one table of the engine has."""

from sqlalchemy import JSON
from sqlalchemy.dialects.postgresql import JSONB

MaybeJson = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""JSON in which None is SQL NULL: nothing is stored where there is nothing."""

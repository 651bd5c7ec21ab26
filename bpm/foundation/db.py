"""The database: column types that hold on SQLite and PostgreSQL alike, and engines set up for many writers."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Generic, TypeVar

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    Boolean,
    ColumnElement,
    DateTime,
    Dialect,
    Engine,
    Enum,
    ExceptionContext,
    Integer,
    MetaData,
    bindparam,
    create_engine,
    event,
    literal_column,
    make_url,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session, mapped_column
from sqlalchemy.pool import NullPool
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine

from bpm.foundation.postgres import connecting
from bpm.foundation.sqlite import writing

Row = TypeVar("Row")
Entity = TypeVar("Entity", bound="Base")

READ_ONLY = "earshot_read_only"
"""Execution option of a connection whose transaction only reads."""


PROBED_FOR = 1.0
"""Seconds within which a database that is not busy answers whether it is there."""


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows of a list; `after` is the keyset with which the next page begins, None at the end."""

    rows: tuple[Row, ...]
    after: int | None = None


def lock_in_order(session: Session, entity: type[Entity], ids: Iterable[int]) -> dict[int, Entity]:
    """These rows by id, as they are now and until the transaction ends; whoever wants one of them waits.

    Everybody takes them in the order of their ids, so that nobody waits in a circle. SQLite has one writer anyway.
    """
    key = entity.__table__.c.id
    rows = select(entity).where(key.in_(sorted(set(ids)))).order_by(key).with_for_update()
    found = session.scalars(rows.execution_options(populate_existing=True))
    return {row.id: row for row in found}  # type: ignore[attr-defined]  # whose key is called so


class UtcDateTime(TypeDecorator[datetime]):
    """An instant; refuses naive values, always gives UTC back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: give it a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


BigInt = BigInteger().with_variant(Integer, "sqlite")
Json = JSON().with_variant(JSONB, "postgresql")

Id = Annotated[int, mapped_column(BigInt, primary_key=True, autoincrement=True)]
"""Primary key: a whole number given by the database, growing with time, so it serves as a keyset too."""

Ref = Annotated[int, mapped_column(BigInt)]
"""Type of a foreign key column; add the ForeignKey with mapped_column."""


def one_of(words: type[StrEnum], *, length: int = 16, name: str = "status") -> Enum:
    """Type of a column that holds one of a closed list, by value; a constraint of the database holds the list.

    `name` is the column's: the constraint is `ck_<table>_<name>`. Statements take the member or its plain text alike.
    The database refuses to write a word that is none of the list; to read one is a LookupError.
    """
    return Enum(
        words,
        native_enum=False,
        create_constraint=True,
        name=name,
        length=length,
        values_callable=lambda kind: [str(each) for each in kind],
    )


class Base(DeclarativeBase):
    """Parent of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy's own protocol)
        datetime: UtcDateTime(),
        dict[str, Any]: Json,
        list[Any]: Json,
        int: Integer(),
    }


class UnfitValueError(ValueError):
    """A value that is no JSON: no database would give back what was put in."""


_STRICT = json.JSONEncoder(allow_nan=False)


def _as_json(value: Any) -> str:
    try:
        return _STRICT.encode(value)
    except ValueError as error:
        raise UnfitValueError(str(error)) from error


KEPT = 16
"""Connections that a process keeps open though it does not need them at the moment."""


def at_most(limit: int) -> ColumnElement[int]:
    """A limit that stands in the text, not among the values: PostgreSQL keeps no plan for one that it cannot see."""
    return literal_column(str(int(limit)), Integer())


class _Listed(TypeDecorator[Sequence[Any]]):
    """A list of values as one value: an array on PostgreSQL, JSON elsewhere."""

    impl = JSON
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return ARRAY(self.item) if dialect.name == "postgresql" else JSON()


class _Among(FunctionElement[bool]):
    name, type, inherit_cache = "among", Boolean(), True

    def self_group(self, against: OperatorType | None = None) -> "_Among":
        """As it is: SQLite, asked whether it `= 1`, would go through all rows and use no index."""
        return self


def among(column: ColumnElement[Any] | InstrumentedAttribute[Any], name: str) -> ColumnElement[bool]:
    """Whether the column is one of the list that the statement is given as `name`; an empty one has nothing.

    IN writes a place for each value: another statement, read and planned anew, for each length of the list.
    """
    return _Among(column, bindparam(name, type_=_Listed(column.type)))


@compiles(_Among, "postgresql")
def _among_array(element: _Among, compiler: SQLCompiler, **given: Any) -> str:
    column, values = (compiler.process(each, **given) for each in element.clauses)
    return f"{column} = ANY ({values})"


@compiles(_Among)
def _among_json(element: _Among, compiler: SQLCompiler, **given: Any) -> str:
    column, values = (compiler.process(each, **given) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 (both are SQL of ours)


def connect(url: str, *, connections: int = 32) -> Engine:
    """An engine for `url` that opens at most so many connections.

    SQLite gets WAL, foreign keys, a busy timeout and BEGIN IMMEDIATE for writers. Values of statements stand in no
    message.
    """
    if url.startswith("sqlite"):
        engine = create_engine(
            url,
            connect_args={"timeout": 30},
            pool_size=32,
            max_overflow=32,
            json_serializer=_as_json,
            hide_parameters=True,
        )
        writing.set_up(engine, read_only=READ_ONLY)
        event.listen(engine, "handle_error", _take_values_out)
        return engine
    kept = min(KEPT, connections)
    engine = create_engine(
        url,
        pool_size=kept,
        max_overflow=connections - kept,
        # The connection given back last comes first: its statements are planned and its tables known to the server.
        pool_use_lifo=True,
        connect_args=connecting.arguments(),
        isolation_level="AUTOCOMMIT",  # who begins a transaction, and who none, stands in `connecting`
        json_serializer=_as_json,
        hide_parameters=True,
    )
    connecting.set_up(engine, read_only=READ_ONLY)
    event.listen(engine, "handle_error", _take_values_out)
    return engine


def connect_to_probe(url: str) -> Engine:
    """An engine for `url` that asks whether the database answers now: no pool to wait for, no lock waited for long."""
    if url.startswith("sqlite"):
        return create_engine(url, connect_args={"timeout": PROBED_FOR}, poolclass=NullPool, hide_parameters=True)
    milliseconds = int(PROBED_FOR * 1000)
    args = connecting.PATIENCE | {
        "connect_timeout": 2,
        "options": f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds}",
    }
    return create_engine(url, connect_args=args, poolclass=NullPool, hide_parameters=True)


def sqlite_file(url: str) -> Path | None:
    """Where the database of that URL lies; None when it is no file."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database.startswith((":", "file:")):
        return None
    return Path(parsed.database)


def _take_values_out(context: ExceptionContext) -> None:
    """Leave in an error of PostgreSQL what happened and where, and no value of a row.

    Its DETAIL shows the failing row or key; what does not fit a type (SQLSTATE class 22) is quoted in the first line.
    SQLite's messages name columns alone.
    """
    said = getattr(context.original_exception, "diag", None)
    if said is None or said.message_primary is None:
        return
    first: str = said.message_primary
    if (said.sqlstate or "").startswith("22"):
        first = re.sub(r'".*"', "…", first, flags=re.DOTALL).partition(":")[0]
    context.original_exception.args = (first,)
    if context.sqlalchemy_exception is not None:
        kind = type(context.original_exception)
        context.sqlalchemy_exception.args = (f"({kind.__module__}.{kind.__qualname__}) {first}",)

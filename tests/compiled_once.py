"""What every test's own application and database would compile anew is compiled once in a process: as in production.

A process of the product has one application and one engine, so statements, templates and addresses are compiled when
they are first used. Tests make hundreds of both; what is compiled is the same in each and is handed on here.
"""

from collections.abc import Callable
from types import CodeType
from typing import Any

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]
DIALECTS = (SQLiteDialect_pysqlite, PGDialect_psycopg)


class Templates(BytecodeCache):
    """Jinja's compiled templates, by name, file and text."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._kept[bucket.key, bucket.checksum] = bucket.code


def set_up() -> None:
    """Call it before the first application is made."""
    Flask.jinja_options = {"bytecode_cache": Templates()}
    _hand_on_addresses()
    _hand_on_statements()


def _hand_on_addresses() -> None:
    """The functions that werkzeug compiles for each rule: they take the rule as a value, so its text says all."""
    compile_builder = Rule._compile_builder
    kept: dict[tuple[object, ...], Builder] = {}

    def from_kept(rule: Rule, append_unknown: bool = True) -> Builder:
        defaults = tuple(sorted((rule.defaults or {}).items()))
        key = (rule.rule, rule.subdomain, rule.host, defaults, append_unknown)
        if key not in kept:
            kept[key] = compile_builder(rule, append_unknown)
        return kept[key]

    Rule._compile_builder = from_kept  # type: ignore[method-assign]  # it stands in for it


def _hand_on_statements() -> None:
    """SQL by statement: SQLAlchemy keeps it by engine and dialect, and dialects that are set up alike are one here."""
    kept = {kind: LRUCache[Any, Any](5_000) for kind in DIALECTS}

    def how(one: Any) -> tuple[object, ...]:
        return type(one), one._json_serializer, one._json_deserializer

    Engine._compiled_cache = property(  # type: ignore[assignment]  # it stands in for each engine's own
        lambda engine: kept.get(type(engine.dialect)), lambda _engine, _own: None
    )
    for kind in DIALECTS:
        kind.__hash__ = lambda one: hash(how(one))  # type: ignore[assignment]  # likewise
        kind.__eq__ = lambda one, other: type(one) is type(other) and how(one) == how(other)  # type: ignore[assignment]  # likewise

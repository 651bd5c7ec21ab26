"""Customers' own processes in the browser: handed in, held against ours, decided, run and learnt from."""

from web.own_ways import one_way, ways
from web.own_ways.blueprint import blueprint

__all__ = ["blueprint", "one_way", "ways"]

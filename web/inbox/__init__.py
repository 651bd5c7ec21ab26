"""The advocate's inbox: what customers say, each item either engaged or distributed, and how items come in."""

from web.inbox import acts, advice, customer_data, files, guests, items, many, mappings, raw, writing_down
from web.inbox.blueprint import blueprint
from web.inbox.learned import model, topics
from web.inbox.listing import export, saved, tagging
from web.inbox.policies import goodwill, learning, routing

__all__ = [
    "acts",
    "advice",
    "blueprint",
    "customer_data",
    "export",
    "files",
    "goodwill",
    "guests",
    "items",
    "learning",
    "many",
    "mappings",
    "model",
    "raw",
    "routing",
    "saved",
    "tagging",
    "topics",
    "writing_down",
]

"""The advocate's inbox: what customers say, each item either engaged or distributed, and how items come in."""

from web.inbox import acts, advice, customer_data, export, files, items, raw, topics
from web.inbox.blueprint import blueprint

__all__ = ["acts", "advice", "blueprint", "customer_data", "export", "files", "items", "raw", "topics"]

"""Customers: who they are, their years with us, who may be one, what is held apart, the company's own addresses."""

from web.customers import acts, keeping, lists, page, settings
from web.customers.blueprint import blueprint

__all__ = ["acts", "blueprint", "keeping", "lists", "page", "settings"]

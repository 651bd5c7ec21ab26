"""Themes: what customers speak of again and again, how it grows, and what people made of it."""

from web.themes.pages import blueprint

__all__ = ["blueprint"]

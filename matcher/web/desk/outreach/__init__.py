"""Firms that are entitled to something and were not told: the list of schemes, the firms of each, what a change brings."""

from matcher.web.desk.outreach import compare, export, listed, scheme
from matcher.web.desk.outreach.blueprint import pages

__all__ = ["compare", "export", "listed", "pages", "scheme"]

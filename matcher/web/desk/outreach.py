"""Firms that are entitled to something and were not told: the list of schemes, the firms of each, what a change brings."""

from matcher.web.desk import outreach_compare, outreach_export, outreach_list, outreach_scheme
from matcher.web.desk.outreach_pages import pages

__all__ = ["outreach_compare", "outreach_export", "outreach_list", "outreach_scheme", "pages"]

"""Runs over spreadsheets: the list, the template, uploading one, matching its columns, watching it, what comes back."""

from matcher.web.desk import run_acts, run_list, run_mapping, run_view
from matcher.web.desk.run_pages import pages

__all__ = ["pages", "run_acts", "run_list", "run_mapping", "run_view"]

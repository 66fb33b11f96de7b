"""Runs over spreadsheets: the list, the template, uploading one, matching its columns, watching it, what comes back."""

from matcher.web.desk.runs import acts, listed, mapping, view
from matcher.web.desk.runs.blueprint import pages

__all__ = ["acts", "listed", "mapping", "pages", "view"]

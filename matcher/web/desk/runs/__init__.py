"""Runs over spreadsheets: the list, the template, uploading one, matching its columns, watching it, what comes back."""

from matcher.web.desk.runs import acts, files, listed, mapping, view
from matcher.web.desk.runs.blueprint import pages

__all__ = ["acts", "files", "listed", "mapping", "pages", "view"]

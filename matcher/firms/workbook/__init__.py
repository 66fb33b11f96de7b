"""Writes lists of firms as .xlsx: the template to fill in, a list with its faults marked, and the results."""

from matcher.firms.workbook.marked import marked
from matcher.firms.workbook.results import Checked, results
from matcher.firms.workbook.template import template

__all__ = ["Checked", "marked", "results", "template"]

"""Cases: the list, opening one, its page, its files, and what ends it."""

from matcher.web.desk import case_acts, case_list, case_view
from matcher.web.desk.case_pages import pages

__all__ = ["case_acts", "case_list", "case_view", "pages"]

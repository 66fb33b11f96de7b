"""Cases: the list, opening one, its page, its files, and what ends it."""

from matcher.web.desk.cases import acts, listed, view
from matcher.web.desk.cases.blueprint import pages

__all__ = ["acts", "listed", "pages", "view"]

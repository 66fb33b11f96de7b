"""Finds a firm by what a person types of it: its name with slips, a former name, pinyin, first letters, a code."""

from matcher.firms.name_search.index import Index, Row, Start
from matcher.firms.name_search.keys import Keys, keys_of
from matcher.firms.name_search.search import Hit, find

__all__ = ["Hit", "Index", "Keys", "Row", "Start", "find", "keys_of"]

"""Finds a firm's industry by the words its owner uses: Chinese, pinyin, English, a code, or the firm's own name."""

from matcher.firms.industry_search.search import Hit, classes_of, find

__all__ = ["Hit", "classes_of", "find"]

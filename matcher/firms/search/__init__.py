"""Finds a firm by its name and an industry by plain words: slips, homophones, pinyin, initials, codes."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

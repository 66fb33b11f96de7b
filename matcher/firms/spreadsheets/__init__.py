"""Reads lists of firms (.csv or .xlsx), one firm a row: every fault with its row, column and reason."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

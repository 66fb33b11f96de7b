"""Composes a letter out of decisions: every word and their order, no layout."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

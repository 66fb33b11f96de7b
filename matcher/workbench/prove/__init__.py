"""Proves of the rules, by a solver and for every firm at once, what no list of cases can show."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

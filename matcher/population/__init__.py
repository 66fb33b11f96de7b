"""The rulebook over columns: a whole city's firms decided at once, with the same answers as one by one."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

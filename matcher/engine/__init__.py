"""Decides, explains and words what the rules say of a firm. Pure: no clock, no files, no web."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

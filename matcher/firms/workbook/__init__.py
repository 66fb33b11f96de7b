"""Writes lists of firms as .xlsx: the template to fill in, a list with its faults marked, and the results."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

"""Firms that are entitled to something and were not told; who gains and who loses."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

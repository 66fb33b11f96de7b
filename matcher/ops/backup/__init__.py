"""Backing up a whole installation, and restoring it into an empty place."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

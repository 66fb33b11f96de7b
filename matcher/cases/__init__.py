"""A firm's case at the desk: facts, drafts, merging, notes, files, and the letters issued from it."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

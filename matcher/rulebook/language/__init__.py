"""The condition language: a closed subset of Python's expressions, typed with units, never evaluated as code."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

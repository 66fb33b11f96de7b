"""The law as data: loads and checks rules/, and gives its edition of a day. No I/O but files."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

"""What an owner answered: kept sealed in a cookie, a file, under a private link, or handed over."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

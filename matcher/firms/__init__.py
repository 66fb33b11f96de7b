"""What a firm tells about itself, and the register of firms: files read into facts, names and industries found."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

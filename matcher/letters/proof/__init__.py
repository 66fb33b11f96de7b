"""Proves a letter: keys and the trust list, the receipt, the statement in the QR code, the signature."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

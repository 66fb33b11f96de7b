"""The interface for programs, `/api/v1`: decisions, the catalogue and verification as JSON, and who may ask for them."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

"""Where words and figures come from: units, money, dates, statuses, codes, sentences and their English."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

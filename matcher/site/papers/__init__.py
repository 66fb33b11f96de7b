"""Papers to take along: the result sheet, the list of papers to bring, the dates for a calendar."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

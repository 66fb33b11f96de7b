"""Letters: asked for from a case, signed a second time, kept in the register, taken back."""

from matcher.web.desk.letters import asking, register, waiting
from matcher.web.desk.letters.blueprint import pages

__all__ = ["asking", "pages", "register", "waiting"]

"""Letters: asked for from a case, signed a second time, kept in the register, taken back."""

from matcher.web.desk import letter_asking, letter_register, letter_waiting
from matcher.web.desk.letter_pages import pages

__all__ = ["letter_asking", "letter_register", "letter_waiting", "pages"]

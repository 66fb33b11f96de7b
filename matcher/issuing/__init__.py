"""Issues letters: the next number, the finished and signed file, and the register's entry belong together."""

from matcher.issuing.centres import centres
from matcher.issuing.issue import Office, issue
from matcher.issuing.order import VALID_DAYS, Order
from matcher.issuing.refusal import Refusal

__all__ = ["VALID_DAYS", "Office", "Order", "Refusal", "centres", "issue"]

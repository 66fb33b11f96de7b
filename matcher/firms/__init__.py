"""What a firm tells about itself: files read into facts, every typing mistake named, the credit code checked."""

from matcher.firms.faults import Fault, Remark
from matcher.firms.files import Batch, Profile, open_profiles
from matcher.firms.profile import read_facts, remarks

__all__ = ["Batch", "Fault", "Profile", "Remark", "open_profiles", "read_facts", "remarks"]

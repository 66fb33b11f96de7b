from .forms import Finding as Finding
from .forms import Findings as Findings
from .reading import LARGEST as LARGEST
from .reading import MOST_PAGES as MOST_PAGES
from .reading import Refusal as Refusal
from .reading import Refused as Refused
from .reading import read as read

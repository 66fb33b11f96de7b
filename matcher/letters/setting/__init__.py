"""Sets Chinese text: breaks it into lines from the fonts' own widths, and fills each line to the right edge.

WeasyPrint justifies by stretching spaces, which Chinese does not have; so lines are broken here and handed to it whole.
"""

from matcher.letters.setting.lines import Line, break_lines
from matcher.letters.setting.markup import set_paragraph

__all__ = ["Line", "break_lines", "set_paragraph"]

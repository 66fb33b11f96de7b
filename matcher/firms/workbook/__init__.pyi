from .book import CellValue as CellValue
from .book import csv_lines as csv_lines
from .book import marked as marked
from .book import neutral as neutral
from .book import workbook as workbook
from .results import Checked as Checked
from .results import results as results
from .template import template as template

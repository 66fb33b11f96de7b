from . import name_search as name_search
from .industry_search import classes_of as classes_of
from .industry_search import find_industry as find_industry
from .name_search import find_firm_names as find_firm_names
from .names import keys_of as keys_of

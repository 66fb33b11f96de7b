from .cases import Case as Case
from .cases import Found as Found
from .cases import chosen_otherwise as chosen_otherwise
from .cases import differences as differences
from .cases import find_cases as find_cases
from .cases import of_each_item as of_each_item
from .cases import read_case_items as read_case_items
from .cases import worked_out_otherwise as worked_out_otherwise

from .cases import Case as Case
from .cases import Found as Found
from .cases import chosen_otherwise as chosen_otherwise
from .cases import differences as differences
from .cases import find_cases as find_cases
from .cases import worked_out_otherwise as worked_out_otherwise

from . import worker as worker
from .retention import Due as Due
from .retention import due as due
from .retention import forget as forget
from .serve import serve as serve
from .worker import Worker as Worker
from .worker import log_to_stderr as log_to_stderr

from .findings import Exceptions as Exceptions
from .findings import Finding as Finding
from .findings import Proof as Proof
from .findings import read_exceptions as read_exceptions
from .findings import read_places as read_places
from .findings import solver_installed as solver_installed
from .prove import prove as prove

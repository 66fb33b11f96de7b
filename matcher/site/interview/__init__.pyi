from .result_views import Told as Told
from .result_views import answer as answer
from .visits import Visit as Visit
from .visits import visit as visit

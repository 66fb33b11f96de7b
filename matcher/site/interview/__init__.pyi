from . import item_views as item_views
from . import result_views as result_views
from . import views as views
from . import what_if as what_if
from .result_views import Told as Told
from .result_views import answer as answer
from .visits import Visit as Visit
from .visits import visit as visit

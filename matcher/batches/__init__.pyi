from . import list_views as list_views
from . import mapping_views as mapping_views
from . import views as views
from .models import Run as Run
from .processing import perform as perform
from .service import forget_run as forget_run
from .service import runs_to_sign as runs_to_sign
from .service import unfinished as unfinished

from . import audit_views as audit_views
from . import dashboard as dashboard
from . import frame as frame
from . import home as home

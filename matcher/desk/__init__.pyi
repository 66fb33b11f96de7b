from . import audit_views as audit_views
from . import dashboard as dashboard
from . import frame as frame
from . import home as home
from . import palette as palette
from . import report_views as report_views
from . import rules_views as rules_views

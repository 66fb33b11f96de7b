from . import views as views
from .models import AlertSubscription as AlertSubscription
from .sending import Sent as Sent
from .sending import is_offered as is_offered
from .sending import send_alerts as send_alerts
from .service import stop_address as stop_address

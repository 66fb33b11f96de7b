from . import views as views
from .delivery import perform as perform
from .delivery import take_up as take_up
from .models import Webhook as Webhook
from .models import WebhookDelivery as WebhookDelivery
from .signing import signature as signature

from .whole import Place as Place
from .whole import back_up as back_up
from .whole import readable_secrets as readable_secrets
from .whole import restore as restore

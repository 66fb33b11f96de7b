from . import catalogue_views as catalogue_views
from . import check_views as check_views
from . import client_views as client_views
from . import document_views as document_views
from . import question_views as question_views
from . import verify_views as verify_views
from .blueprint import install as install
from .blueprint import pages as pages

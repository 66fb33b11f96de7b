from . import render as render
from .fonts import check_fonts as check_fonts
from .render import LOCK as LOCK
from .render import RenderError as RenderError
from .render import render_pdf as render_pdf
from .render import warm_up as warm_up
from .setting import setting as setting

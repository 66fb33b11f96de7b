"""Stub."""

from __future__ import annotations

from flask import Blueprint

from matcher.web.desk.gate import guard

pages = Blueprint("desk_mine", __name__)
guard(pages)

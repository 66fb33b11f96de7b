"""The OpenAPI 3.1 document: made from the addresses that the application answers and from what their views declare."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from matcher import __version__
from matcher.firms import LONGEST_TEXT
from matcher.letters.proof import LONGEST
from matcher.rulebook import Rulebook

from .desk_schemas import DESK_ANSWERS, desk_request_schemas
from .operations import DESK_SCOPES, SCOPES, Operation, Parameter, operation_of, ref
from .problems import MEDIA_TYPE, TITLES
from .schemas import ANSWERS, DAY, DIALECT, answer_schemas, profile_schema

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

_ARGUMENT = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")

_ALWAYS = (500,)


def document(app: Flask, rulebook: Rulebook) -> dict[str, Any]:
    """The whole document, with the schema of a profile by these rules."""
    paths: dict[str, dict[str, Any]] = {}
    for rule in app.url_map.iter_rules():
        declared = operation_of(app, rule.endpoint)
        if declared is None:
            continue
        for method in sorted((rule.methods or set()) & set(_METHODS)):
            paths.setdefault(_ARGUMENT.sub(r"{\1}", rule.rule), {})[method.lower()] = _operation(rule, declared)
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": DIALECT,
        "info": {
            "title": "惠企政策匹配 · Eligibility matcher",
            "version": __version__,
            "description": "What holds for all addresses stands in docs/api.md: keys, limits, refusals, what changes and when.",
        },
        "servers": [{"url": "/"}],
        "security": [{}, {"key": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {**answer_schemas({**ANSWERS, **DESK_ANSWERS}), **_request_schemas(rulebook)},
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "; ".join(f"{name}: {text.en}" for name, text in SCOPES.items()),
                }
            },
        },
    }


def _request_schemas(rulebook: Rulebook) -> dict[str, Any]:
    code = {"type": "string", "minLength": 1, "maxLength": LONGEST}
    offer = {
        "type": "object",
        "additionalProperties": False,
        "required": ["scheme", "object", "status"],
        "properties": {
            "scheme": {"type": "string"},
            "item": {"type": ["string", "null"]},
            "object": {"type": "string", "minLength": 1},
            "status": {"type": "string"},
            "recipient": {"type": ["string", "null"]},
            "award": {"type": ["string", "null"]},
            "amount": {"type": ["object", "null"]},
        },
    }
    return {
        **desk_request_schemas(rulebook),
        "Answers": profile_schema(rulebook, is_for_questions=True),
        "Code": {"type": "object", "additionalProperties": False, "required": ["code"], "properties": {"code": code}},
        "Offers": {
            "type": "object",
            "required": ["as_of", "offers"],
            "properties": {
                "id": {"type": "string", "maxLength": LONGEST_TEXT},
                "as_of": DAY,
                "offers": {"type": "array", "items": offer},
                "held": {"type": ["array", "null"], "items": {}},
                "received": {"type": ["object", "null"]},
                "relations": {"type": ["array", "null"], "items": {"type": "object"}},
            },
        },
        "Profile": profile_schema(rulebook),
    }


def _operation(rule: Rule, declared: Operation) -> dict[str, Any]:
    good: dict[str, Any] = {
        "description": "Created" if declared.status == HTTPStatus.CREATED else "OK",
        "content": {media: {"schema": schema} for media, schema in declared.gives.items()},
    }
    responses: dict[str, Any] = {str(declared.status): good}
    if declared.may_be_unchanged:
        responses["304"] = {"description": "Not modified: what was kept still holds"}
    for status in sorted({*declared.refuses, *_ALWAYS}):
        refusal = {MEDIA_TYPE: {"schema": ref("Problem")}}
        responses[str(status)] = {"description": TITLES[status].en, "content": refusal}
    made: dict[str, Any] = {
        "operationId": rule.endpoint.rpartition(".")[2],
        "summary": declared.summary.en,
        "description": declared.summary.zh,
        "x-text": declared.summary.to_json(),
        "responses": responses,
    }
    if declared.parameters:
        made["parameters"] = [_parameter(one) for one in declared.parameters]
    if declared.takes:
        content = {media: {"schema": schema} for media, schema in declared.takes.items()}
        made["requestBody"] = {"required": True, "content": content}
    if declared.scope:
        made["x-scope"] = declared.scope
    if declared.scope in DESK_SCOPES:
        made["security"] = [{"key": []}]
    return made


def _parameter(one: Parameter) -> dict[str, Any]:
    return {
        "name": one.name,
        "in": one.place,
        "required": one.is_required,
        "description": f"{one.text.zh} / {one.text.en}",
        "x-text": one.text.to_json(),
        "schema": dict(one.schema),
    }

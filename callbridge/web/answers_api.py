"""The analysts' read API: answers as the codebook's rows, page by page, under the same filters."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, jsonify, request
from flask.wrappers import Response

from callbridge.domain.selection import NAMES, read_selection
from callbridge.errors import RefusedError
from callbridge.service import codebook, paging
from callbridge.service.codebook import Kind
from callbridge.web.access import Access, access
from callbridge.web.drives_openapi import paths as drives_paths
from callbridge.web.wire import context

blueprint = Blueprint("answers_api", __name__, url_prefix="/console/api")

TYPES = {Kind.NUMBER: "integer", Kind.TRUTH: "boolean"}


@blueprint.get("/<slug>/answers")
@access(Access.ANALYST)
def answers(slug: str) -> Response:
    """Return a page of answers; `next` is the address of the next one, null at the end."""
    after, limit = _whole("after", 0), _whole("limit", paging.PAGE)
    selection = read_selection(request.args)
    page = paging.answers(context(), slug, selection, after=after, limit=limit)
    following = None
    if page.after is not None:
        more = {"limit": str(limit), "after": str(page.after)}
        following = f"{request.path}?{urlencode(selection.query() | more)}"
    return jsonify({"answers": page.rows, "next": following, "caveat": codebook.CAVEAT})


@blueprint.get("/openapi.json")
@access(Access.SIGNED_IN)
def openapi() -> Response:
    """Return the console's APIs as one document, answers made from the codebook."""
    return jsonify(document())


def _whole(name: str, default: int) -> int:
    text = request.args.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit()) or len(text) > 18:
        raise RefusedError(f"“{name}” is a whole number.")
    return int(text)


def document() -> dict[str, Any]:
    """Return the OpenAPI document."""
    columns = codebook.ANSWERS.columns
    row = {
        "type": "object",
        "required": [column.name for column in columns],
        "additionalProperties": False,
        "properties": {
            column.name: {
                "type": [TYPES.get(column.kind, "string"), "null"],
                "description": column.meaning,
            }
            for column in columns
        },
    }
    page = {
        "type": "object",
        "required": ["answers", "next", "caveat"],
        "properties": {
            "answers": {"type": "array", "items": row},
            "next": {"type": ["string", "null"], "description": "The next page's address."},
            "caveat": {"type": "string"},
        },
    }
    query = [
        {"name": name, "in": "query", "required": False, "schema": {"type": "string"}}
        for name in NAMES
    ]
    whole = [
        {"name": name, "in": "query", "required": False, "schema": schema}
        for name, schema in (
            ("after", {"type": "integer", "minimum": 0}),
            ("limit", {"type": "integer", "minimum": 1, "maximum": paging.MOST}),
        )
    ]
    slug = {"name": "slug", "in": "path", "required": True, "schema": {"type": "string"}}
    problem = {"description": "A problem, in a sentence."}
    answered = {
        "200": {"description": "A page.", "content": {"application/json": {"schema": page}}},
        "302": {"description": "Sign in first."},
        "403": {"description": "Not an analyst."},
        "404": problem,
        "422": problem,
    }
    asked = {"summary": "Answers", "parameters": [slug, *query, *whole], "responses": answered}
    return {
        "openapi": "3.1.0",
        "info": {"title": "callbridge, for analysts and organizers", "version": "1"},
        "paths": {"/console/api/{slug}/answers": {"get": asked}, **drives_paths()},
    }

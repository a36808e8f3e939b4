"""The OpenAPI paths of the organizers' API of phone drives; reads nothing and adds nobody."""

from __future__ import annotations

from typing import Any

_TEXT = {"type": "string"}
_WHOLE = {"type": "integer", "minimum": 0}
_COUNTS = {"type": "object", "additionalProperties": _WHOLE}
_NULLABLE = {"type": ["string", "null"]}
_PROBLEM = {
    "description": "A problem, in a sentence.",
    "content": {"application/problem+json": {"schema": {"type": "object"}}},
}
_REFUSALS = {
    "302": {"description": "Sign in first."},
    "403": {"description": "Not an organizer."},
    "404": {"description": "No such campaign or drive."},
}


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": sorted(properties),
        "properties": properties,
        "additionalProperties": False,
    }


def _answer(words: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": schema}}}


def _in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": _TEXT}


def _in_query(name: str, words: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "schema": _TEXT,
        "description": words,
    }


_DRIVE = {
    "drive": _TEXT,
    "state": {"enum": ["draft", "running", "paused", "stopped", "finished"]},
    "people": _WHOLE,
    "by_state": _COUNTS | {"description": "People by the state of their last attempt."},
    "unknown": _WHOLE | {"description": "People who may have been rung; being settled."},
    "name": _TEXT,
    "campaign": _TEXT,
    "by_cause": _COUNTS | {"description": "People who are over, by what it came to."},
    "over": _WHOLE,
    "calls_now": _WHOLE,
    "rung": _WHOLE,
    "answered": _WHOLE,
    "keyed": _WHOLE,
    "bridged": _WHOLE,
    "persons": _WHOLE | {"description": "Who must still want it before it rings anybody."},
    "cause": _NULLABLE,
}
_ENDS = _NULLABLE | {"description": "Expected end of a running drive."}
_ADDED = _object(
    drive=_TEXT,
    kept={"type": "boolean", "description": "False for a preview."},
    accepted=_WHOLE,
    refused={"type": "array", "items": _object(line=_WHOLE, why=_TEXT)},
    duplicates=_WHOLE,
    opted_out=_WHOLE,
    already=_WHOLE,
    groups=_COUNTS,
    languages=_COUNTS,
    zones=_COUNTS,
)
_PERSON = {
    "type": "object",
    "required": ["phone"],
    "properties": {
        "phone": _TEXT,
        "zip": _TEXT,
        "language": _TEXT,
        "group": _TEXT,
        "consent_source": _TEXT | {"description": "Where this person agreed to be called."},
        "consent_at": _TEXT | {"description": "When: 2026-05-04 or 2026-05-04T10:30."},
    },
    "description": "Other names are kept with the person and go when the number goes.",
}
_LIST = {"type": "array", "items": _PERSON}
_BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "oneOf": [
                    _LIST,
                    {
                        "type": "object",
                        "required": ["people"],
                        "properties": {
                            "people": _LIST,
                            "consent_source": _TEXT,
                            "consent_at": _TEXT,
                        },
                    },
                ]
            }
        },
        "text/csv": {"schema": _TEXT},
    },
}


def paths() -> dict[str, Any]:
    """Return the paths of this API."""
    slug, drive = _in_path("slug"), _in_path("drive")
    everyone = _object(drives={"type": "array", "items": _object(**_DRIVE)})
    questions = [
        _in_query("preview", "yes: say what would be, keep nothing."),
        _in_query("consent_source", "For people who do not say it themselves."),
        _in_query("consent_at", "For people who do not say it themselves."),
    ]
    return {
        "/console/api/{slug}/drives": {
            "get": {
                "summary": "The drives of a campaign, newest first",
                "parameters": [slug],
                "responses": {"200": _answer("The drives.", everyone), **_REFUSALS},
            }
        },
        "/console/api/{slug}/drives/{drive}": {
            "get": {
                "summary": "How a drive stands",
                "parameters": [slug, drive],
                "responses": {
                    "200": _answer("The drive.", _object(**_DRIVE, ends=_ENDS)),
                    **_REFUSALS,
                },
            }
        },
        "/console/api/{slug}/drives/{drive}/people": {
            "post": {
                "summary": "Add people to a drive; who is in it already stays as they are",
                "description": "In a CSV the header is line 1, in JSON the first person.",
                "parameters": [slug, drive, *questions],
                "requestBody": _BODY,
                "responses": {
                    "200": _answer("What became of the list.", _ADDED),
                    "422": _PROBLEM,
                    **_REFUSALS,
                },
            }
        },
    }

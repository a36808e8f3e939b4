"""The API's OpenAPI document, made from the code of its routes and models."""

from __future__ import annotations

from typing import Any

from spectree import SpecTree

spec = SpecTree(
    "flask",
    title="callbridge",
    description=(
        "Ask for a call to a member of Congress, follow it, and find who represents a ZIP. "
        "No key and no cookie: consent and limits are kept by the server. "
        "Any site may call it from a browser."
    ),
    version="1",
    path="-",  # the document is served by a route of ours; this library skips what is under it
    mode="strict",
    page_templates={},
    annotations=False,
    naming_strategy=lambda model: model.__name__,
    nested_naming_strategy=lambda _parent, child: child,
)


def document() -> dict[str, Any]:
    """Return the document; problems carry their own media type, answers may not be sniffed."""
    made: dict[str, Any] = spec.spec
    for path in made["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                content = answer.get("content", {})
                if int(status) >= 400 and "application/json" in content:
                    content["application/problem+json"] = content.pop("application/json")
    return made

"""XML to values, safely: a document type is refused, so no entity is ever expanded."""

from __future__ import annotations

from typing import Any, NoReturn
from xml.etree.ElementTree import (
    Element,
    ParseError,
    TreeBuilder,
    XMLParser,
)

from twiml.names import ATTRIBUTES
from twiml.problems import Code, Problem, TwimlError
from twiml.verbs import (
    Dial,
    Gather,
    Hangup,
    Number,
    Pause,
    Play,
    Redirect,
    Reject,
    Response,
    Say,
)

LARGEST = 64 * 1024  # bytes; Twilio error 11750
_PROMPTS: dict[str, type] = {"Say": Say, "Play": Play, "Pause": Pause}
_VERBS: dict[str, type] = _PROMPTS | {
    "Gather": Gather,
    "Dial": Dial,
    "Redirect": Redirect,
    "Hangup": Hangup,
    "Reject": Reject,
}


def parse(body: bytes | str) -> Response:
    """Read a document. Raises TwimlError with every problem, schema warnings included."""
    response, problems = parse_leniently(body)
    if problems:
        raise TwimlError(*problems)
    return response


def parse_leniently(body: bytes | str) -> tuple[Response, tuple[Problem, ...]]:
    """Read a document as Twilio runs it: what it does not know is skipped, with a warning (12200).

    Raises TwimlError where nothing can run: empty (11770), over 64 kB (11750), not XML, with a
    document type, or a root other than Response (12100).
    """
    size = len(body) if isinstance(body, bytes) else len(body.encode("utf-8", "surrogatepass"))
    if not body.strip():
        _refuse(Code.EMPTY_BODY, "the body is empty")
    if size > LARGEST:
        _refuse(Code.TOO_LARGE, f"the body has {size} bytes; at most {LARGEST} are read")
    reading = _Reading()
    root = _root(body)
    reading.attributes_of_root(root)
    return Response(reading.verbs(root)), tuple(reading.problems)


def _refuse(code: Code, message: str) -> NoReturn:
    raise TwimlError(Problem(code, message, "Response"))


class _Builder(TreeBuilder):
    def doctype(self, name: str, pubid: str | None, system: str | None) -> NoReturn:
        del name, pubid, system
        _refuse(Code.NOT_XML, "a document type is not accepted")


def _root(body: bytes | str) -> Element:
    parser = XMLParser(target=_Builder())  # noqa: S314  see _Builder.doctype
    try:
        parser.feed(body)
        root: Element = parser.close()
    except (ParseError, ValueError, LookupError) as problem:
        # ValueError: a text with lone surrogates; LookupError: an encoding that nobody knows.
        raise TwimlError(Problem(Code.NOT_XML, f"not XML: {problem}", "Response")) from problem
    if root.tag != "Response":
        _refuse(Code.NOT_XML, f"the root is <{root.tag}>, not <Response>")
    return root


class _Reading:
    """One document being read, with the warnings so far."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def warn(self, message: str, where: str, code: Code = Code.SCHEMA) -> None:
        self.problems.append(Problem(code, message, where))

    def attributes_of_root(self, root: Element) -> None:
        for name in root.attrib:
            self.warn(f"unknown attribute {name}", "Response")

    def verbs(self, root: Element) -> tuple[Any, ...]:
        return self.nested(root, "", _VERBS)

    def nested(self, parent: Element, path: str, allowed: dict[str, type]) -> tuple[Any, ...]:
        """Read the elements inside `parent` that may stand there; words between them are lost."""
        found = []
        loose = [parent.text or ""]
        for place, element in enumerate(parent, start=1):
            where = f"{path}{element.tag}[{place}]"
            node = allowed.get(element.tag)
            if node is None:
                holder = f"<{parent.tag}>"
                self.warn(f"<{element.tag}> is unknown or may not stand in {holder}", where)
            else:
                found.append(self.node(node, element, where))
            loose.append(element.tail or "")
        if parent.tag != "Dial" and any(text.strip() for text in loose):
            self.warn("words between the verbs are not spoken", path.rstrip("/") or "Response")
        return tuple(found)

    def node(self, node: type, element: Element, where: str) -> Any:
        attributes = self.attributes(node, element, where)
        if node is Gather:
            return Gather(self.nested(element, f"{where}/", _PROMPTS), **attributes)
        if node is Dial:
            return Dial(self.numbers(element, where), **attributes)
        text = self.text(element, where)
        if node is Say:
            return Say(text, **attributes)
        if node in (Play, Redirect, Number):
            return node(text.strip(), **attributes)
        if text.strip():
            self.warn(f"<{element.tag}> holds no text", where)
        return node(**attributes)

    def numbers(self, dial: Element, where: str) -> tuple[Number, ...]:
        """Read `<Number>`s, or the telephone number that stands bare in `<Dial>`."""
        numbers: tuple[Number, ...] = self.nested(dial, f"{where}/", {"Number": Number})
        bare = (dial.text or "").strip()
        return (Number(bare), *numbers) if bare else numbers

    def text(self, element: Element, where: str) -> str:
        """Return all words inside; markup such as SSML is dropped with a warning."""
        for place, inner in enumerate(element, start=1):
            self.warn(f"<{inner.tag}> is dropped, its words are kept", f"{where}/[{place}]")
        return "".join(element.itertext())

    def attributes(self, node: type, element: Element, where: str) -> dict[str, Any]:
        known = ATTRIBUTES[node]
        values: dict[str, Any] = {}
        for name, text in element.attrib.items():
            if name not in known:
                self.warn(f"unknown attribute {name}", where)
                continue
            field, read = known[name]
            try:
                values[field] = read(text)
            except ValueError as problem:
                self.warn(f"{name}={text!r} {problem}", where)
        return values

"""TwiML as values: a frozen dataclass per verb, rendering, parsing, checks; knows no callbridge."""

from twiml.checking import check, text_limit
from twiml.parsing import parse, parse_leniently
from twiml.problems import Code, Problem, TwimlError
from twiml.rendering import render
from twiml.splitting import split_text
from twiml.verbs import (
    Dial,
    Gather,
    Hangup,
    Number,
    Pause,
    Play,
    Prompt,
    Redirect,
    Reject,
    Response,
    Say,
    Verb,
)

__all__ = [
    "Code",
    "Dial",
    "Gather",
    "Hangup",
    "Number",
    "Pause",
    "Play",
    "Problem",
    "Prompt",
    "Redirect",
    "Reject",
    "Response",
    "Say",
    "TwimlError",
    "Verb",
    "check",
    "parse",
    "parse_leniently",
    "render",
    "split_text",
    "text_limit",
]

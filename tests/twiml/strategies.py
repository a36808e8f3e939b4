"""Documents that a carrier would accept, made by Hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

import twiml

# Any character that XML can carry. A carriage return is left out: XML reads it as a line feed.
spoken = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
    | st.sampled_from("\n\t&<>\"'"),
    min_size=1,
    max_size=300,
).filter(lambda text: text.strip() != "")
addresses = st.from_regex(
    r"\A(https?://[a-z]{1,9}\.example(:[1-9][0-9]{1,3})?)?/[A-Za-z0-9_~%&=?;+.-]{0,40}"
    r"(#rc=[0-5]&rp=ct,5xx)?\Z"
)
methods = st.sampled_from([None, "GET", "POST"])
switches = st.none() | st.booleans()
tones = st.none() | st.from_regex(r"\A[0-9*#wW]{1,8}\Z")
telephones = st.from_regex(r"\A\+1[2-9]0255501[0-9]{2}\Z")


def maybe(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | strategy


def whole(least: int, most: int) -> st.SearchStrategy:
    return st.none() | st.integers(least, most)


says = st.builds(
    twiml.Say,
    spoken,
    voice=st.sampled_from([None, "alice", "Polly.Joanna-Neural", "Polly.Lupe", "Google.en-US-X"]),
    language=st.sampled_from([None, "en-US", "es-US", "es", "cmn-CN", "es-419"]),
    loop=whole(1, 9),
)
plays = st.builds(twiml.Play, addresses, loop=whole(1, 9), digits=tones)
pauses = st.builds(twiml.Pause, length=whole(1, 99))
gathers = st.builds(
    twiml.Gather,
    st.lists(says | plays | pauses, max_size=3).map(tuple),
    action=maybe(addresses),
    method=methods,
    input=st.sampled_from([None, "dtmf", "speech", "dtmf speech"]),
    num_digits=whole(1, 20),
    finish_on_key=st.sampled_from([None, "", "#", "*", "5"]),
    timeout=whole(1, 60),
    action_on_empty_result=st.sampled_from([None, False]),
    barge_in=switches,
    language=st.sampled_from([None, "en-US"]),
    hints=maybe(spoken),
    speech_timeout=st.sampled_from([None, "auto", "3"]),
    speech_model=st.sampled_from([None, "default"]),
    profanity_filter=switches,
)
events = st.lists(st.sampled_from(["initiated", "ringing", "answered", "completed"]), unique=True)
numbers = st.builds(
    twiml.Number,
    telephones,
    url=maybe(addresses),
    method=methods,
    send_digits=tones,
    status_callback=maybe(addresses),
    status_callback_event=maybe(events.map(tuple)),
    status_callback_method=methods,
)
dial_attributes = {
    "method": methods,
    "timeout": whole(5, 600),
    "time_limit": whole(1, 14400),
    "caller_id": maybe(telephones),
    "hangup_on_star": switches,
    "answer_on_bridge": switches,
    "record": st.sampled_from([None, "do-not-record", "record-from-answer-dual"]),
    "ring_tone": st.sampled_from([None, "us", "us-old"]),
    "sequential": switches,
}
several = st.lists(numbers, min_size=1, max_size=4).map(tuple)
dials = st.builds(twiml.Dial, several, action=st.none(), **dial_attributes)
last = (
    st.builds(twiml.Dial, several, action=addresses, **dial_attributes)
    | st.builds(twiml.Redirect, addresses, method=methods)
    | st.builds(twiml.Gather, says.map(lambda say: (say,)), action_on_empty_result=st.just(True))
    | st.just(twiml.Hangup())
)
running = st.tuples(
    st.lists(says | plays | pauses | gathers | dials, max_size=5), st.lists(last, max_size=1)
).map(lambda parts: twiml.Response((*parts[0], *parts[1])))
refusing = st.builds(twiml.Reject, reason=st.sampled_from([None, "rejected", "busy"])).map(
    lambda reject: twiml.Response((reject,))
)
responses = running | refusing

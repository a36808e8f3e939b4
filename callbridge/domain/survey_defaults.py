"""The survey of a campaign that writes none: two questions, in each language; pure words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from callbridge.domain.survey import Meaning, Option, Question, Survey

HAPPENED = "happened"
POSITION = "position"

# Question 1 has the exceptional key 1; where they stand begins at 2, the keys that mean support,
# oppose and unsure in the whole call, so that a reflex key cannot become "supports".
ENGLISH = Survey(
    questions=(
        Question(
            id=HAPPENED,
            words="How did it go?",
            options=(
                Option(key="1", words="Talked with someone", meaning=Meaning.SPOKE, then=POSITION),
                Option(key="2", words="Left a message", meaning=Meaning.VOICEMAIL),
                Option(key="3", words="Mailbox full", meaning=Meaning.MAILBOX_FULL),
                Option(key="4", words="Nobody answered", meaning=Meaning.NOBODY),
                Option(key="5", words="Wrong number", meaning=Meaning.WRONG_NUMBER),
            ),
        ),
        Question(
            id=POSITION,
            words="Where does {member} stand?",
            options=(
                Option(key="2", words="Supports it", meaning=Meaning.SUPPORTS),
                Option(key="3", words="Opposes it", meaning=Meaning.OPPOSES),
                Option(key="4", words="Undecided", meaning=Meaning.UNDECIDED),
                Option(key="5", words="Would not say", meaning=Meaning.WOULD_NOT_SAY),
            ),
        ),
    )
)

SPANISH = Survey(
    questions=(
        Question(
            id=HAPPENED,
            words="¿Cómo le fue?",
            options=(
                Option(key="1", words="Habló con alguien", meaning=Meaning.SPOKE, then=POSITION),
                Option(key="2", words="Dejó un mensaje", meaning=Meaning.VOICEMAIL),
                Option(key="3", words="Buzón lleno", meaning=Meaning.MAILBOX_FULL),
                Option(key="4", words="Nadie contestó", meaning=Meaning.NOBODY),
                Option(key="5", words="Número equivocado", meaning=Meaning.WRONG_NUMBER),
            ),
        ),
        Question(
            id=POSITION,
            words="¿Qué postura tiene {member}?",
            options=(
                Option(key="2", words="Está a favor", meaning=Meaning.SUPPORTS),
                Option(key="3", words="Está en contra", meaning=Meaning.OPPOSES),
                Option(key="4", words="Sin decidir", meaning=Meaning.UNDECIDED),
                Option(key="5", words="No quiso decir", meaning=Meaning.WOULD_NOT_SAY),
            ),
        ),
    )
)

DEFAULT_SURVEYS: Mapping[str, Survey] = MappingProxyType({"en": ENGLISH, "es": SPANISH})

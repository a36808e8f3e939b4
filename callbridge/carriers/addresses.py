"""The addresses that the carrier is given, all under the public one; knows no route's code.

An address holds the call's opaque token and a step, never a phone number, a target or a ZIP.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

# The carrier's own retry rule, which it reads from the fragment and never sends (voice facts 4.1):
# three more tries when it cannot connect, hears nothing in time, or is answered 5xx.
RETRY = "#rc=3&rp=ct,rt,5xx"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where hooks come in. `public_url` is scheme, host and perhaps a prefix, no slash at the end.

    `media` is where recorded prompts are served (default: `<public_url>/media`).
    """

    public_url: str
    media: str = ""

    def step(self, token: str, step: int) -> str:
        """Return where the conversation goes on."""
        return f"{self.public_url}/voice/{token}/{step}{RETRY}"

    def status(self, token: str) -> str:
        """Return where a leg's progress is reported."""
        return f"{self.public_url}/voice/{token}/status{RETRY}"

    def text_status(self, token: str) -> str:
        """Return where it is reported what became of a text message."""
        return f"{self.public_url}/voice/texts/{token}/status{RETRY}"

    def sorry(self, token: str) -> str:
        """Return what is asked for when everything else failed."""
        return f"{self.public_url}/voice/{token}/sorry"

    def recording(self, token: str, file: str) -> str:
        """Return where a recorded prompt of this call's revision is fetched."""
        return f"{self.media or self.public_url + '/media'}/{token}/{quote(file)}"

    def requested(self, target: str) -> str:
        """Return the URL that the carrier asked for, from the raw request target.

        A proxy may or may not strip the public address's prefix; both give the same URL.
        """
        origin = urlsplit(self.public_url)
        prefix = origin.path
        if prefix and target.startswith(prefix + "/"):
            return f"{origin.scheme}://{origin.netloc}{target}"
        return self.public_url + target

"""Hands mail to one mail server by SMTP, every failure mapped; composes no mail."""

from __future__ import annotations

import smtplib
import ssl
from urllib.parse import unquote, urlsplit

from callbridge.errors import DeliveryError
from callbridge.post.deadline import within
from callbridge.settings import is_loopback

EACH_SECONDS, WHOLE_SECONDS = 10.0, 60.0


class SmtpMailer:
    """One mail server, as SMTP_URL names it.

    Everything is encrypted except on loopback: `smtp://` must offer STARTTLS elsewhere.
    """

    def __init__(
        self,
        url: str,
        sender: str,
        *,
        seconds: tuple[float, float] = (EACH_SECONDS, WHOLE_SECONDS),
    ) -> None:
        self._url = urlsplit(url)
        self._sender = sender
        self._each, self._whole = seconds

    def send(self, body: bytes, *, to: str) -> None:
        """Hand over a whole message once. Raises DeliveryError.

        When the connection ends after the text was sent, the server may have taken it: the same
        message is then handed over again, and its Message-ID is the same.
        """
        try:
            server = self._connected()
            with within(self._whole, lambda: server.sock):
                try:
                    self._greet(server)
                    server.sendmail(self._sender, [to], body)
                finally:
                    # Without QUIT's goodbye: once it took the text, nothing may undo that.
                    server.close()
        except smtplib.SMTPRecipientsRefused as refused:
            code, words = refused.recipients[to]
            raise _refused(code, words) from refused
        except smtplib.SMTPDataError as refused:
            raise _refused(refused.smtp_code, refused.smtp_error) from refused
        except smtplib.SMTPResponseException as refused:
            # Sign-in, sender, greeting: it would be the same for every mail.
            raise DeliveryError(
                f"The mail server refused ({type(refused).__name__} {refused.smtp_code})."
            ) from refused
        except (smtplib.SMTPException, OSError) as trouble:
            raise DeliveryError(
                f"The mail server did not take it ({type(trouble).__name__})."
            ) from trouble

    def _connected(self) -> smtplib.SMTP:
        host = self._url.hostname or ""
        if self._url.scheme == "smtps":
            return smtplib.SMTP_SSL(
                host,
                self._url.port or smtplib.SMTP_SSL_PORT,
                timeout=self._each,
                context=ssl.create_default_context(),
            )
        return smtplib.SMTP(host, self._url.port or 587, timeout=self._each)

    def _greet(self, server: smtplib.SMTP) -> None:
        if self._url.scheme == "smtp":
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
            elif not is_loopback(f"http://{self._url.netloc.rpartition('@')[2]}"):
                raise DeliveryError("The mail server offers no encryption (STARTTLS).")
        if self._url.username:
            server.login(unquote(self._url.username), unquote(self._url.password or ""))


def _refused(code: int, words: bytes | str) -> DeliveryError:
    """Return what a refusal of this one mail means for it; the others may go all the same."""
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    plain = " ".join("".join(one if one.isprintable() else " " for one in said).split())[:100]
    return DeliveryError(
        f"The mail server said {code} {plain}".rstrip() + ".",
        final=500 <= code < 600,
        alone=True,
    )

"""Speak to a mail server (RFC 5321), and say in one word why it did not take a letter. Knows nothing of districts."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage

TIMEOUT = 20.0
"""Seconds that a server may be silent."""
CLOSING = 421
"""It is about to hang up, whatever was asked (RFC 5321, 3.8)."""


@dataclass(frozen=True)
class Server:
    """security  `starttls` or `tls`; the certificate must be good for `host`, by the machine's list of authorities"""

    host: str
    port: int
    security: str
    login: str | None
    password: str | None


class ServerUnusable(Exception):
    """Nothing can be sent through it now. `problem` is one of words.PROBLEMS; `answer` its number, if it gave one."""

    def __init__(self, problem: str, answer: int | None = None) -> None:
        super().__init__(f"{problem} {answer or ''}".strip())
        self.problem, self.answer = problem, answer


class LetterRefused(Exception):
    """This one letter was not taken. `lasting`: a later try will go no better; `address`: it is about who gets it."""

    def __init__(self, answer: int, *, address: bool) -> None:
        super().__init__(str(answer))
        self.answer, self.address = answer, address

    @property
    def lasting(self) -> bool:
        return self.answer >= 500


@contextmanager
def connected(server: Server, timeout: float = TIMEOUT) -> Iterator[smtplib.SMTP]:
    """A connection that is encrypted and signed in. Raises ServerUnusable."""
    connection = _open(server, timeout)
    try:
        yield connection
    finally:
        # A server that has hung up already, or answers QUIT with nonsense, has what it was given.
        with suppress(smtplib.SMTPException, OSError):
            connection.quit()
        connection.close()


def _open(server: Server, timeout: float) -> smtplib.SMTP:
    trusted = ssl.create_default_context()
    connection: smtplib.SMTP | None = None
    try:
        if server.security == "tls":
            connection = smtplib.SMTP_SSL(server.host, server.port, timeout=timeout, context=trusted)
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=timeout)
            connection.starttls(context=trusted)
        if server.login is not None and server.password is not None:
            connection.login(server.login, server.password)
        else:
            connection.ehlo_or_helo_if_needed()
    except Exception as error:
        if connection is not None:
            connection.close()
        raise _why_unusable(error) from error
    return connection


def _why_unusable(error: Exception) -> ServerUnusable:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return ServerUnusable("busy" if error.smtp_code < 500 else "login", error.smtp_code)
    if isinstance(error, ssl.SSLError):
        return ServerUnusable("tls")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return ServerUnusable("login" if "AUTH" in str(error) else "tls")
    if isinstance(error, smtplib.SMTPResponseException):
        return ServerUnusable("busy" if error.smtp_code < 500 else "connection", error.smtp_code)
    if isinstance(error, (smtplib.SMTPException, OSError, ValueError)):
        # ValueError: smtplib could not read what it was answered.
        return ServerUnusable("connection")
    raise error


def hand_over(connection: smtplib.SMTP, message: EmailMessage, sender: str, to: str) -> None:
    """Raises LetterRefused, and ServerUnusable where it is not about this letter."""
    try:
        connection.send_message(message, from_addr=sender, to_addrs=[to])
    except smtplib.SMTPRecipientsRefused as error:
        answer = next(iter(error.recipients.values()))[0]
        if answer == CLOSING:
            raise ServerUnusable("busy", answer) from error
        raise LetterRefused(answer, address=True) from error
    except smtplib.SMTPSenderRefused as error:
        busy = error.smtp_code < 500
        raise ServerUnusable("busy" if busy else "sender", error.smtp_code) from error
    except smtplib.SMTPDataError as error:
        if error.smtp_code == CLOSING:
            raise ServerUnusable("busy", error.smtp_code) from error
        raise LetterRefused(error.smtp_code, address=False) from error
    except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
        # An address with letters that this server does not speak (RFC 6531).
        raise LetterRefused(553, address=True) from error
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise ServerUnusable("connection") from error

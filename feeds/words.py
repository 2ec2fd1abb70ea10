"""Feeds in words: what went wrong, and what to do about it. Pure."""

PROBLEMS = {
    "answered": "It answered {status}, which is not “taken” (200 to 299).",
    "gone": "It answered 410: nobody listens there any more.",
    "redirects": "It answered {status} and sent us elsewhere; we do not follow. Set the final address.",
    "too_slow": "It did not answer within ten seconds.",
    "no_connection": "The connection was refused or broke off.",
    "unknown_host": "Its name could not be found (DNS).",
    "points_inward": "Its name leads to a private or loopback address, which we never call.",
    "certificate": "Its TLS certificate is not valid for this name.",
    "folder": "The folder can not be written to, or is not there.",
    "shrunk": "The new full file lost more than a fifth of its rows. It is held until somebody says it is right.",
    "broke": "Something went wrong on our side; the log has it.",
}
DISABLED = {
    "gone": "Switched off: it answered 410. Nothing is lost; “Resume” goes on where it stopped.",
    "gave_up": "Switched off after ten tries over three days. Nothing is lost; “Resume” goes on where it stopped.",
}


def problem(word: str | None, status: int | None) -> str:
    return PROBLEMS[word].format(status=status) if word else ""

"""Short codes that people read out and type: Crockford's base 32, which has no I, L, O and U to mistake."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 13
"""65 bits, for a code that stands for years: at a thousand guesses a second against ten million codes, one is hit in a
hundred years."""

_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None})


def new_code(length: int = LENGTH) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def written_code(code: str) -> str:
    """As on paper: 7K3MQ-9QRT-2WXY."""
    return f"{code[:5]}-{code[5:9]}-{code[9:]}"


def read_code(typed: str, length: int = LENGTH) -> str | None:
    """The code somebody meant, whatever case, blanks and dashes they typed; None when it can be none."""
    code = typed.strip().upper().translate(_MISREAD)
    return code if len(code) == length and set(code) <= set(ALPHABET) else None

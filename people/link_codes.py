"""A short code by which somebody whom no roster knows is found by whoever can link them: read out, and typed in.

It opens nothing: only the offices' own page takes it. Two of its characters check the others, so that one that was
misheard finds nobody rather than somebody else. Digits and letters as Crockford writes them, without I, L, O and U.
"""

from core.sealed import fingerprint
from people.models import Person

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
WIDTH = 5
HEARD = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})


def link_code_of(person: Person) -> str:
    """As in 0007-K3F."""
    number, digits = person.id, ""
    while number or len(digits) < WIDTH:
        number, rest = divmod(number, 32)
        digits = ALPHABET[rest] + digits
    whole = digits + _check(person.district_id, person.id)
    return f"{whole[:4]}-{whole[4:]}"


def person_id_behind(district_id: int, code: str) -> int | None:
    """None for a code that is none of this district's."""
    typed = "".join(each for each in code.upper() if each.isalnum()).translate(HEARD)
    if not WIDTH + 2 <= len(typed) <= 14 or any(each not in ALPHABET for each in typed):
        return None
    number = 0
    for each in typed[:-2]:
        number = number * 32 + ALPHABET.index(each)
    return number if typed[-2:] == _check(district_id, number) else None


def _check(district_id: int, number: int) -> str:
    said = int(fingerprint("link code", str(district_id), str(number))[:4], 16)
    return ALPHABET[said % 32] + ALPHABET[said // 32 % 32]

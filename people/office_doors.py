"""Doors that open for an office of the district: one way to write the guard of an office's pages."""

from collections.abc import Callable, Collection

from core.catalogs import SOURCE
from core.language import speak
from people.offices import offices_of
from people.sign_in import NotForYou, current_sign_in, require_signed_in


def require_office(
    *offices: str, words: str, roles: Collection[str] = (), operator: bool = False
) -> Callable[[], None]:
    """A blueprint's guard: somebody who holds one of these offices. Others read `words`.

    roles     also whoever came in one of these roles, as their launch said
    operator  whether a link from the command line opens it too, as if it held every office. Not where a record needs
              the name of the person who made it, nor where a person's records are shown: there are commands for that,
              which are noted

    Behind it pages speak English, as the set-up pages and the documentation do.
    """

    def guard() -> None:
        if not operator:
            require_signed_in()
        sign_in = current_sign_in()
        if sign_in.role not in roles and offices_of(sign_in).isdisjoint(offices):
            raise NotForYou(words)
        speak(SOURCE)

    return guard

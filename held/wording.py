"""Terms as people read them, in the language of the request."""

from core.language import _, ngettext
from held.terms import Term


def written_term(term: Term) -> str:
    if term.number == 0:
        return _("no longer than that")
    if term.unit == "d":
        return ngettext("%(num)s day", "%(num)s days", term.number)
    return ngettext("%(num)s year", "%(num)s years", term.number)

"""The guest agreement in the reader's language, where it has been published in it under the version in force."""

from completion import policy_texts
from completion.policy_texts import NoSuchAgreement, ShownText
from core.catalogs import SOURCE
from people.models import District
from visitors.signing import GUEST


def agreement_in(district: District, lang: str) -> ShownText:
    """Else in English: an older translation would be another agreement. Raises NoSuchAgreement."""
    english = policy_texts.current_text(district, GUEST)
    if lang == SOURCE:
        return english
    try:
        translated = policy_texts.current_text(district, GUEST, lang)
    except NoSuchAgreement:
        return english
    return translated if translated.version == english.version else english

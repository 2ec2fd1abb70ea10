"""What the form under an agreement sends, signed with; the staff's agreement and the guests' alike."""

from flask import current_app, request

from completion import attestations
from completion.models import Attestation
from completion.policy_texts import ShownText
from people.models import Person, SchoolYear
from people.sign_in import current_sign_in


def signed_with(person: Person, shown: ShownText, year: SchoolYear) -> Attestation:
    """The signature, with what the launch says of itself. Raises attestations.NotSigned.

    app.py brings the launch and the signature together: completion knows no LTI.
    """
    return attestations.sign(
        person,
        shown,
        signer=request.form.get("signer", ""),
        text_sha256=request.form.get("text_sha256", ""),
        agreed=request.form.get("agree") == "yes",
        typed_name=request.form.get("typed_name", ""),
        provenance=current_app.extensions["provenance"](current_sign_in()),
        year=year,
    )

"""Why a dynamic registration does not go through, in words for the administrator in front of it."""

from core.errors import ToolError
from core.messages import N_


class RegistrationRefused(ToolError):
    code = "registration_refused"
    next_step = N_(
        "Nothing was registered, and the invitation still works. Start the registration again in your LMS."
    )


class ConfigurationRefused(RegistrationRefused):
    """What the LMS says about itself does not hold."""

    code = "configuration_refused"
    next_step = N_(
        "Nothing was registered, and the invitation still works. Check the LMS's own address in its settings, then "
        "start the registration again there. You can also register by hand: see the set-up page for your LMS."
    )


class LmsOutOfReach(RegistrationRefused):
    status, code = 502, "lms_out_of_reach"
    next_step = N_(
        "Nothing was registered, and the invitation still works. Our server must reach the LMS at a public https "
        "address. Open the way, then start the registration again in your LMS."
    )


class LmsDeclined(RegistrationRefused):
    """The LMS answered with an error. Its words are shown, escaped and cut."""

    status, code = 502, "lms_declined"
    next_step = N_(
        "Nothing was registered, and the invitation still works. Most often the LMS's registration token was used "
        "before or has run out: start the registration again in your LMS."
    )


class TakenByAnother(RegistrationRefused):
    """The pair of issuer and client id belongs to another district here."""

    status, code = 409, "taken_by_another"
    next_step = N_(
        "Nothing was changed. Remove the tool in your LMS and start again there; if this page comes back, send the "
        "reference below to whoever runs this service."
    )

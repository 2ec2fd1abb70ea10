"""A column to try a connection with. It is the only kind of column that we ever delete."""

from core.errors import Refused
from core.messages import N_
from lti_tool.columns import Column, make_column, read_column
from lti_tool.scopes import LINEITEM_SCOPE
from lti_tool.service_calls import PlatformService

TRIAL = "connection-test"


def make_trial_column(service: PlatformService, lineitems_url: str) -> Column:
    """Raises ServiceRefused, ToldToStop."""
    return make_column(
        service, lineitems_url, label="Connection test, may be removed", resource_id=TRIAL, tag=TRIAL
    )


def remove_trial_column(service: PlatformService, url: str) -> None:
    """Raises Refused for any other column: with a column the LMS deletes every grade in it.

    Raises ServiceRefused, ToldToStop as the platform answers.
    """
    column = read_column(service, url)
    if (column.resource_id, column.tag) != (TRIAL, TRIAL):
        raise Refused(N_("That gradebook column is no test column, so it is not deleted."))
    service.call("DELETE", url, [LINEITEM_SCOPE])

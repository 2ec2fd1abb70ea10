"""The facts of a district that texts may name as {{district.name}} and the like."""

from typing import Any

from people.models import District


def facts_of(district: District) -> dict[str, Any]:
    """For core.variables.fill: what the district said of itself; defaults stand in the texts."""
    return {"district.name": district.name, **district.variables}

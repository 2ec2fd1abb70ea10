"""Note who was given whose records, and why: one insert, written before the answer leaves.

What can not be noted is not given out: the error of the insert is the answer's. Looking at one's own records, and at
one pupil on a page of their own class, is no disclosure and is not noted.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from core.database import table_of, write_through
from people.audit import Actor
from people.disclosure_models import Disclosure


@dataclass(frozen=True)
class Kind:
    """A way in which records leave: what it is called, and what it is for."""

    words: str
    purpose: str


KINDS: Mapping[str, Kind] = {
    "standings": Kind("Standings, listed for a program of IT", "network_access"),
    "standing_changes": Kind("Changes of standings, read by a program of IT", "network_access"),
    "standings_asked": Kind("Standings of people named by a program of IT", "network_access"),
    "standing_events": Kind("Events of standings, read by a program of IT", "network_access"),
    "networks": Kind(
        "Single people asked about by a RADIUS server or ClearPass, an hour's count", "network_access"
    ),
    "completions": Kind("Completions, listed for a program of IT", "completion"),
    "evidence_record": Kind("One signed record of evidence, for a program of IT", "audit"),
    "person_standing": Kind("One person's standing and what is behind it, on screen", "network_access"),
    "feed_posts": Kind("Events of standings, posted to a program of IT", "network_access"),
    "feed_file": Kind("Standings as files in the district's folder", "network_access"),
    "class_csv": Kind("A class as a file", "teaching"),
    "person_page": Kind("Everything about one person, on screen", "records_request"),
    "person_export": Kind("Everything about one person, as a file", "records_request"),
    "district_export": Kind("Everything of the district as files, when it leaves", "contract_end"),
    "retention_bundle": Kind("Records set aside before they were destroyed", "retention"),
    "audit_csv": Kind("The audit log as a file", "oversight"),
    "people_list": Kind("People of an office's list, on screen", "completion"),
    "people_csv": Kind("People of an office's list, as a file", "completion"),
    "visitors_list": Kind("Visitors who signed at a building, on screen", "completion"),
    "evidence_pack": Kind("The evidence of a school year", "audit"),
}
"""A new export adds itself here, and calls `disclose`."""

PURPOSES: Mapping[str, str] = {
    "network_access": "deciding who may use the network",
    "teaching": "teaching the class",
    "records_request": "somebody asked what is held about them",
    "retention": "the district's retention schedule",
    "contract_end": "the district left and was given what was held for it",
    "oversight": "looking after privacy in the district",
    "audit": "showing that the law was kept",
    "completion": "seeing that everybody has what is asked of them",
}


def disclose(district_id: int, reader: Actor, kind: str, subject: str, people: int) -> None:
    """Nothing is noted where nobody stood in the answer."""
    if people < 1:
        return
    write_through(
        sa.insert(table_of(Disclosure)).values(
            district_id=district_id,
            reader=reader.name,
            kind=kind,
            purpose=KINDS[kind].purpose,
            subject=subject,
            people=people,
        )
    )

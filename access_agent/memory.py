"""What is kept from run to run: one file, replaced whole, readable by its owner only.

{"version": 1, "source": "...", "delta": "...", "listed_at": "2026-11-26T01:00:00+00:00",
 "people": {"p_x1": ["100001", "staff", "complete", "allow"]},
 "ours": {"RUA-Current": {"<account's unchanging id>": "<its key when last seen>"}}}
"""

import json
import os
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from access_agent.errors import OddSettings
from access_agent.settings import Service
from access_agent.standings import Person

VERSION = 1
Ours = dict[str, dict[str, str]]


@dataclass
class Memory:
    """`ours`: whom the agent put where; nobody else may be taken out of a group."""

    source: str = ""
    delta: str | None = None
    listed_at: datetime | None = None
    people: dict[str, Person] = field(default_factory=dict)
    ours: Ours = field(default_factory=dict)

    def delta_to_use(self, service: Service, at: datetime) -> str | None:
        """None when everybody is to be listed: the first time, after another question, and once a day.

        A number or an address that was corrected is not a change of standing; the daily list brings it.
        """
        if self.source != source_of(service) or self.listed_at is None:
            return None
        if at - self.listed_at >= timedelta(hours=service.full_every_hours):
            return None
        return self.delta


def source_of(service: Service) -> str:
    return " ".join((service.url, service.client_id, service.requirement, service.match_by))


def load(path: Path) -> Memory:
    """An empty memory when there is no file. Raises OddSettings when there is one that can not be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["version"] != VERSION:
            raise OddSettings(f"{path}: of another version of the agent")
        return Memory(
            source=found["source"],
            delta=found["delta"],
            listed_at=datetime.fromisoformat(found["listed_at"]) if found["listed_at"] else None,
            people={key: Person(*row) for key, row in found["people"].items()},
            ours={group: dict(members) for group, members in found["ours"].items()},
        )
    except FileNotFoundError:
        return Memory()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise OddSettings(
            f"{path}: can not be read ({type(error).__name__}). Move it away and run once with --adopt."
        ) from error


def save(path: Path, memory: Memory) -> None:
    """Whole or not at all: a new file takes the old one's place. Raises OddSettings."""
    content = {
        "version": VERSION,
        "source": memory.source,
        "delta": memory.delta,
        "listed_at": memory.listed_at.astimezone(UTC).isoformat() if memory.listed_at else None,
        "people": memory.people,
        "ours": memory.ours,
    }
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(content, file, separators=(",", ":"))
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise OddSettings(f"{path}: {error.strerror}") from error

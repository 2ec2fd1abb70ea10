"""What a pack says of itself: each file with its hash, size and rows, the year, the audit log's head, who, when."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from completion.signing import canonical, signed
from core.version import VERSION
from people import audit
from proof.holding import Scene
from proof.zipping import Packed

FORMAT = 1
MANIFEST, SIGNATURE = "manifest.json", "manifest.jws"


def content_sha256(files: Iterable[Packed]) -> str:
    """One hash for all that is in the pack but the manifest: the same data have the same, whoever asks and when."""
    return hashlib.sha256(canonical({each.name: each.sha256 for each in files})).hexdigest()


def manifest(
    scene: Scene, files: Iterable[Packed], *, deidentified: bool, generated_by: str, generated_at: datetime
) -> bytes:
    """`generated_by` as the audit log names people: `person:p_...`, `command`."""
    seq, head = audit.head_of(scene.district.id)
    listed = list(files)
    said: dict[str, Any] = {
        "format": FORMAT,
        "district": {"slug": scene.district.slug, "name": scene.district.name},
        "year": {
            "name": scene.year.name,
            "starts_at": scene.year.starts_at.isoformat(),
            "ends_at": scene.year.ends_at.isoformat(),
            "state": scene.state,
            "frozen_at": scene.freeze.frozen_at.isoformat() if scene.freeze else None,
            "figures_sha256": scene.freeze.sha256 if scene.freeze else None,
        },
        "deidentified": deidentified,
        "generated_at": generated_at.isoformat(),
        "generated_by": generated_by,
        "app": VERSION,
        "audit": {"entries": seq, "head": head},
        "content_sha256": content_sha256(listed),
        "files": [
            {"name": each.name, "sha256": each.sha256, "bytes": each.size, "rows": each.rows}
            for each in listed
        ],
    }
    return (json.dumps(said, indent=1, ensure_ascii=False) + "\n").encode()


def signature(written: bytes) -> str:
    """A signed record that names the manifest by its SHA-256."""
    return signed(
        {
            "format": FORMAT,
            "record": "evidence pack",
            "manifest_sha256": hashlib.sha256(written).hexdigest(),
        }
    )

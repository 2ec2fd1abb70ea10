"""IT's program that manages webhooks."""

import uuid

from core.database import db
from tests.access.conftest import Program

AT = "/api/v1/webhooks"


class Manager(Program):
    """Sends a new Idempotency-Key with each write, unless told which."""

    def send(self, method: str, path: str = "", body: object = None, key: str | None = "new", **headers: str):
        db.remove()
        given = {"Authorization": f"Bearer {self.token}", **headers}
        if key is not None:
            given["Idempotency-Key"] = str(uuid.uuid4()) if key == "new" else key
        more = {} if body is None else {"json": body}
        return self.http.open(f"{AT}{path}", method=method, headers=given, **more)


def manage(app, program) -> Manager:
    made = Manager(app, program.client_id, program.secret)
    made.sign_in()
    return made

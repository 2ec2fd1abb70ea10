"""Adds webhooks from several threads as fast as it can; also as a process of its own: see test_idempotency."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

from flask import Flask

from app import create_app
from core.settings import Settings

THREADS = 2
TRIES = 500

Said = dict[str, list[dict[str, object]]]


def race(app: Flask, token: str, keys: list[str]) -> Said:
    """{key: what each thread was answered in the end}"""

    def send(key: str) -> dict[str, object]:
        for _ in range(TRIES):
            answer = app.test_client().post(
                "/api/v1/webhooks",
                json={"name": key, "url": "http://127.0.0.1:9/hook"},
                headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key},
            )
            if answer.status_code != 409:
                break
        replayed = "Idempotent-Replayed" in answer.headers
        return {"status": answer.status_code, "secret": answer.json.get("secret"), "replayed": replayed}

    with ThreadPoolExecutor(THREADS) as pool:
        under_way = {key: [pool.submit(send, key) for _ in range(THREADS)] for key in keys}
        return {key: [each.result() for each in futures] for key, futures in under_way.items()}


if __name__ == "__main__":
    database_url, its_token, *its_keys = sys.argv[1:]
    made = create_app(Settings(database_url=database_url, allow_private_network=True))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    sys.stdout.write(json.dumps(race(made, its_token, its_keys)))

#!/bin/sh
# Hand in a roster file: sh roster.sh FILE [true]; with `true` nothing is changed (a dry run).
# Exits 0 when it is in, 3 when somebody has to approve it first, 1 when it is refused; prints the answer.
# Needs curl and python3. BASE, CLIENT_ID and CLIENT_SECRET come from the environment.
set -eu
FILE=$1 DRY_RUN=${2:-false}

field() { python3 -c 'import json, sys; print(json.load(sys.stdin).get(sys.argv[1]) or "")' "$1"; }

TOKEN=$(printf 'user = "%s:%s"\n' "$CLIENT_ID" "$CLIENT_SECRET" |
    curl -sS --fail-with-body -K - -d grant_type=client_credentials "$BASE/oauth/token" | field access_token)

# One key for all tries of this file: if the answer is lost on the way, the next try is given it and imports nothing again.
KEY=$(python3 -c 'import uuid; print(uuid.uuid4())')
ANSWER=$(printf 'header = "Authorization: Bearer %s"\n' "$TOKEN" |
    curl -sS --fail-with-body --retry 5 --retry-connrefused -K - -H "Idempotency-Key: $KEY" \
        -H "Content-Type: application/octet-stream" -T "$FILE" -X POST "$BASE/api/v1/rosters?dry_run=$DRY_RUN") || {
    printf '%s\n' "$ANSWER" >&2
    exit 1
}
printf '%s\n' "$ANSWER"
[ "$(printf '%s' "$ANSWER" | field state)" != held ] || exit 3

#!/bin/sh
# Everybody at the first run, what changed at each later one: one line of JSON for each page.
# Needs curl and python3. BASE, CLIENT_ID and CLIENT_SECRET come from the environment; DELTA_FILE remembers where we are.
set -eu
DELTA_FILE=${DELTA_FILE:-standings.delta}

field() { python3 -c 'import json, sys; print(json.load(sys.stdin).get(sys.argv[1]) or "")' "$1"; }

# By standard input, so that neither secret nor token stands in the list of processes.
TOKEN=$(printf 'user = "%s:%s"\n' "$CLIENT_ID" "$CLIENT_SECRET" |
    curl -sS --fail-with-body -K - -d grant_type=client_credentials "$BASE/oauth/token" | field access_token)

get() { printf 'header = "Authorization: Bearer %s"\n' "$TOKEN" | curl -sS --fail-with-body --retry 3 -K - -G "$@"; }

if [ -s "$DELTA_FILE" ]; then
    more=True
    while [ "$more" = True ]; do
        page=$(get --data-urlencode "delta=$(cat "$DELTA_FILE")" "$BASE/api/v1/standings/changes") || {
            echo "$page" >&2 # 410: remove $DELTA_FILE and run again, which lists everybody
            exit 1
        }
        printf '%s\n' "$page"
        more=$(printf '%s' "$page" | field more)
        printf '%s' "$page" | field delta >"$DELTA_FILE"
    done
else
    cursor=
    while :; do
        page=$(get ${cursor:+--data-urlencode "cursor=$cursor"} "$BASE/api/v1/standings")
        printf '%s\n' "$page"
        cursor=$(printf '%s' "$page" | field next)
        [ -n "$cursor" ] || break
    done
    printf '%s' "$page" | field delta >"$DELTA_FILE"
fi

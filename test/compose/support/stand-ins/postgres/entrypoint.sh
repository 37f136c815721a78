#!/bin/bash
# The part of the public image's entrypoint that is used here: a user, a password and a database at the first start.
set -euo pipefail

if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA" && chown -R postgres:postgres "$PGDATA" /var/lib/postgresql && chmod 0700 "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --clear-groups "$0" "$@"
fi

if [ "${1:-}" = postgres ] && [ ! -s "$PGDATA/PG_VERSION" ]; then
  user=${POSTGRES_USER:-postgres}
  if [ -n "${POSTGRES_PASSWORD_FILE:-}" ]; then POSTGRES_PASSWORD=$(<"$POSTGRES_PASSWORD_FILE"); fi
  : "${POSTGRES_PASSWORD:?Database is uninitialized and superuser password is not specified.}"
  mkdir -p "$PGDATA"
  initdb --username="$user" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") --auth-local=trust --auth-host=scram-sha-256 >&2
  printf 'host all all all scram-sha-256\n' >>"$PGDATA/pg_hba.conf"
  # No address yet: whoever waits for the server must not meet it before its database exists.
  pg_ctl -w -o "-c listen_addresses='' -c unix_socket_directories=/var/run/postgresql" start >&2
  database=${POSTGRES_DB:-$user}
  if [ "$database" != postgres ]; then createdb --username="$user" "$database"; fi
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sql) psql -v ON_ERROR_STOP=1 --username="$user" --dbname="$database" --file="$file" ;;
      *.sh) PGUSER=$user bash "$file" ;;
    esac
  done
  pg_ctl -w -m fast stop >&2
fi
unset POSTGRES_PASSWORD
if [ "${1:-}" = postgres ]; then set -- "$@" -c 'listen_addresses=*' -c unix_socket_directories=/var/run/postgresql; fi
exec "$@"

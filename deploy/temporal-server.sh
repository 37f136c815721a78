#!/bin/sh
# The server takes its password only from the environment: set here, it is in no configuration of the container.
set -eu
POSTGRES_PWD=$(cat /run/signalbox/database-password)
export POSTGRES_PWD
exec /etc/temporal/entrypoint.sh

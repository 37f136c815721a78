#!/bin/sh
# Run once by the image of PostgreSQL, on an empty data directory: Temporal's role owns its two databases and nothing else.
set -eu
password=$(cat /run/signalbox/database-password)
psql -v ON_ERROR_STOP=1 -U postgres -d postgres <<SQL
CREATE ROLE temporal LOGIN PASSWORD '$password';
CREATE DATABASE temporal OWNER temporal ENCODING 'UTF8' TEMPLATE template0;
CREATE DATABASE temporal_visibility OWNER temporal ENCODING 'UTF8' TEMPLATE template0;
SQL

#!/bin/sh
# Brings both of Temporal's databases to this version's schema; repeatable. The table of versions is made only where the
# tool says that there is none: making it again would reset the version.
set -eu
SQL_PASSWORD=$(cat /run/signalbox/database-password)
export SQL_PASSWORD

sql() {
  database=$1
  shift
  temporal-sql-tool --plugin postgres12 --ep postgresql -p 5432 -u temporal --db "$database" "$@"
}

schema() {
  folder=/etc/temporal/schema/postgresql/v12/$2/versioned
  if said=$(sql "$1" update-schema -d "$folder" 2>&1); then
    echo "schema: $1 is up to date"
    return
  fi
  case $said in
    *schema_version*' does not exist'*) ;;
    *) echo "$said" >&2; exit 1 ;;
  esac
  sql "$1" setup-schema -v 0.0
  sql "$1" update-schema -d "$folder"
}

schema temporal temporal
schema temporal_visibility visibility

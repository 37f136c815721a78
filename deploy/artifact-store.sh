#!/bin/sh
# versitygw takes its root account only from the environment: set here, it is in no configuration of the container.
set -eu
ROOT_ACCESS_KEY_ID=root
ROOT_SECRET_ACCESS_KEY=$(cat /run/signalbox/store-root-secret)
export ROOT_ACCESS_KEY_ID ROOT_SECRET_ACCESS_KEY
exec versitygw --port 0.0.0.0:7070 --health /health --quiet --iam-dir /run/signalbox/accounts posix /data

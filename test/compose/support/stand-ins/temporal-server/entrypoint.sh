#!/bin/sh
# As in the public image: listens on the address of its own host name.
set -eu
own_address() { getent hosts "$(hostname)" | awk '{print $1;}'; }
: "${BIND_ON_IP:=$(own_address)}"
export BIND_ON_IP
if [ "$BIND_ON_IP" = 0.0.0.0 ]; then
  : "${TEMPORAL_BROADCAST_ADDRESS:=$(own_address)}"
  export TEMPORAL_BROADCAST_ADDRESS
fi
exec temporal-server start

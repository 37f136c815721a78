# Creates the witness file, then starts the probes with the list of inherited file descriptors as last argument.
# Arguments: WITNESS COMMAND...
: > "$1"; shift
open=
# The -L test skips the descriptor of /proc/$$/fd itself, which is open only while the shell reads the directory.
for fd in /proc/$$/fd/*; do if [ -L "$fd" ]; then open="$open ${fd##*/}"; fi; done
exec "$@" "$open"

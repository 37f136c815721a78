# No container dies with whoever started it: the engine owns it, and it may not be there yet, so killing is tried for a while.
# Arguments: ENGINE NAME DIRECTORY
left=40
until "$1" kill "$2" || [ "$left" -eq 0 ]; do left=$((left - 1)); sleep 0.5; done
"$1" rm --force "$2"
rm -rf -- "$3"

# Removes a container after its runner has died. The container may not exist yet, so kill is retried for 20 seconds.
# Arguments: ENGINE NAME DIRECTORY, which is the current directory too: what is removed is in it, whatever its name means by
# now.
left=40
until "$1" kill "$2" || [ "$left" -eq 0 ]; do left=$((left - 1)); sleep 0.5; done
"$1" rm --force "$2"
rm -rf -- ./*
cd /
rmdir -- "$3"

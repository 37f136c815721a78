# Joins the control groups, then bind-mounts each source at a short path in a private mount namespace, because the box's
# user may not have access to the directories above the source (a home directory, a private temporary directory).
# All writes to overlays go to one limited file system in memory, which is discarded with the box.
# Arguments: DIRECTORY, then three lists, each preceded by its length: control groups, sources, and (after the maximum
# bytes and files of the memory file system) lower directories; then the command.
set -eu
stage=$1; shift
groups=$1; shift
while [ "$groups" -gt 0 ]; do echo $$ > "$1"; shift; groups=$((groups - 1)); done
mkdir -p "$stage"
mount -t tmpfs -o size=64k,mode=0755 stage "$stage"
count=$1; shift
index=0
while [ "$index" -lt "$count" ]; do
  if [ -d "$1" ]; then mkdir "$stage/$index"; else : > "$stage/$index"; fi
  mount --bind "$1" "$stage/$index"
  shift; index=$((index + 1))
done
bytes=$1; files=$2; shift 2
count=$1; shift
if [ "$count" -gt 0 ]; then
  mkdir "$stage/upper"
  mount -t tmpfs -o "size=$bytes,nr_inodes=$files,mode=0711,nosuid,nodev" upper "$stage/upper"
fi
index=0
while [ "$index" -lt "$count" ]; do
  lower="$stage/lower-$index"; upper="$stage/upper/$index"; work="$stage/upper/work-$index"
  mkdir "$lower" "$upper" "$work" "$stage/overlay-$index"
  mount --bind "$1" "$lower"
  chown --reference="$lower" "$upper"
  chmod --reference="$lower" "$upper"
  mount -t overlay -o "lowerdir=$lower,upperdir=$upper,workdir=$work,nosuid,nodev" overlay "$stage/overlay-$index"
  shift; index=$((index + 1))
done
exec "$@"

# Prints those of its arguments, paths in the box, that the box's user cannot read; of a directory, also not enter.
for place; do
  if [ ! -r "$place" ] || { [ -d "$place" ] && [ ! -x "$place" ]; }; then printf '%s\n' "$place"; fi
done

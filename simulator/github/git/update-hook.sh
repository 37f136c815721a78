#!/bin/sh
# The update hook: refuses what the rules of the branch refuse, in GitHub's words. Arguments: ref, old commit, new commit.

covers() {
  for covered in $1; do
    if [ "$covered" = "$2" ] || [ "$covered" = "~ALL" ]; then return 0; fi
  done
  return 1
}

violation() {
  {
    echo "error: GH013: Repository rule violations found for $1."
    echo "Review all repository rules at $GITHUB_RULES_URL?ref=$(printf %s "$1" | sed 's|/|%2F|g')"
    echo
    echo "- $2"
    if [ -n "$3" ]; then
      echo "  Found 1 violation:"
      echo
      echo "  $3"
    fi
    echo
  } >&2
  exit 1
}

if covers "$GITHUB_REFUSED_REFS" "$1"; then
  printf '%s\n' "$GITHUB_REFUSED_SAYING" >&2
  exit 1
fi
if covers "$GITHUB_PROTECTED_REFS" "$1"; then
  echo "error: GH006: Protected branch update failed for $1." >&2
  exit 1
fi
case $2 in
  *[!0]*) ;;
  *)
    if covers "$GITHUB_CREATION_REFS" "$1"; then
      violation "$1" "Cannot create ref due to creations being restricted." ""
    fi
    ;;
esac
if covers "$GITHUB_SIGNED_REFS" "$1"; then
  for commit in $(git rev-list "$3" --not --all); do
    if ! git -c gpg.format=ssh -c gpg.ssh.allowedSignersFile="$GITHUB_SIGNERS" verify-commit "$commit" 2>/dev/null; then
      violation "$1" "Commits must have verified signatures." "$commit"
    fi
  done
fi
exit 0

# The absolute paths of Node and of a shell on standard output, if git and Node can be run.
git --version >&2 && node -e 0 && command -v node && { command -v bash || command -v sh; }

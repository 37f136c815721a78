# Prints the absolute paths of Node and of a shell, if git and Node can run.
git --version >&2 && node -e 0 && command -v node && { command -v bash || command -v sh; }

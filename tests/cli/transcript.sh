#!/usr/bin/env bash
# Runs the commands of a transcript and compares: transcript.sh FILE.txt BUILD_CMD_DIRECTORY.
# "$ command" is what is run, in an empty directory with an empty environment; then come its standard
# output, its standard error with "! " in front, and "? N" when the exit code is not 0. Lines that
# begin with "#" before the first command are remarks. OSTCLEAN_PROGRAM names another program.
# OSTCLEAN_UPDATE=1 writes what happened into FILE.txt instead of comparing.
set -euo pipefail
file=$(readlink -f "$1")
bin=$(cd "$(dirname "${OSTCLEAN_PROGRAM:-$2/ostclean}")" && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/home"

play() {
  local line command code seen=0
  while IFS= read -r line; do
    if [[ $line != '$ '* ]]; then
      ((seen)) || printf '%s\n' "$line"
      continue
    fi
    seen=1 command=${line#'$ '} code=0
    printf '%s\n' "$line"
    (cd "$work/home" && env -i HOME="$work/home" PATH="$bin:/usr/bin:/bin" TERM=xterm LC_ALL=C COLUMNS=80 \
      bash -c "$command" </dev/null >"$work/out" 2>"$work/err") || code=$?
    cat "$work/out"
    sed 's/^/! /' "$work/err"
    [ "$code" -eq 0 ] || printf '? %s\n' "$code"
  done <"$file"
}

play >"$work/seen"
if [ -n "${OSTCLEAN_UPDATE:-}" ]; then
  cp "$work/seen" "$file"
else
  diff -u "$file" "$work/seen"
fi

#!/usr/bin/env bash
# The rows of the commands, --help, the manual pages, the completion and the README say the same:
# consistency.sh commands|options|pages BUILD_CMD_DIRECTORY BUILD_MAN_DIRECTORY.
set -euo pipefail
what=$1
PATH=$(dirname "${OSTCLEAN_PROGRAM:-$2/ostclean}"):$PATH
export PATH COLUMNS=200 LC_ALL=C
built=$3
root=${OSTCLEAN_SOURCE:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)}
failures=0

complain() {
  printf '%s\n' "$*" >&2
  failures=$((failures + 1))
}

same() { # same WHAT ONE OTHER
  diff <(printf '%s\n' "$2") <(printf '%s\n' "$3") >&2 || complain "$1 differ"
}

# Commands that ostclean(1) describes itself.
own_page() { [ "$1" != help ] && [ "$1" != version ]; }
first_words() { ostclean __complete ''; }
verbs() { ostclean __complete "$1" ''; }
# The names that begin with a word: "vmexpire list", "vmexpire show"; or the word itself.
names() {
  local verb found=
  if ! ostclean "$1" --help | grep -q '^commands:'; then
    echo "$1"
    return
  fi
  for verb in $(verbs "$1"); do
    echo "$1 $verb"
    found=1
  done
  [ -n "$found" ]
}

# The long options of a section of --help.
helped() { # helped SECTION COMMAND...
  local section=$1
  shift
  ostclean help "$@" | sed -n "/^$section.*:\$/,/^\$/p" | grep -oE '^  (-[a-zA-Z], |    )--[A-Za-z-]+' |
    grep -oE -- '--.*' || true
}
# The long options that begin an entry of a section of a manual page.
documented() { # documented SECTION PAGE
  sed -n "/^# $1\$/,/^# /p" "$root/man/$2.1.scd" | grep -E '^\*-' | grep -oE -- '\*--[A-Za-z-]+\*' | tr -d '*' || true
}
completed() {
  ostclean __complete "$@" -- | grep -E '^--' |
    sed -E 's/^--os-[a-z-]+-(endpoint-override|api-version|service-type)$/--os-SERVICE-\1/'
}
sorted() { grep . | sort -u; }

check_commands() {
  local word
  for word in $(first_words); do
    ostclean "$word" --help | grep -q "^usage: ostclean .*$word" || complain "$word --help shows no usage"
    ostclean help | grep -qE "^  $word( |\$)" || complain "help does not list $word"
    own_page "$word" || continue
    [ -f "$root/man/ostclean-$word.1.scd" ] || complain "$word has no manual page"
    grep -qw "ostclean-$word.1" "$root/man/CMakeLists.txt" || complain "the page of $word is not built"
    [ ! -f "$root/README.md" ] || grep -qE "^\|.*\`${word}[ \`]" "$root/README.md" || complain "README.md has no row for $word"
  done
}

check_options() {
  local word name all output own
  same 'the global options of --help and ostclean.1' "$(helped 'global options' | sorted)" \
    "$(documented 'GLOBAL OPTIONS' ostclean | sorted)"
  same 'the output options of --help and ostclean.1' "$(helped 'output options' | sorted)" \
    "$(documented 'OUTPUT OPTIONS' ostclean | sorted)"
  for word in $(first_words); do
    own=
    while IFS= read -r name; do
      # shellcheck disable=SC2086 # two words are two words
      all=$(helped options $name) output=
      own+=$all$'\n'
      # shellcheck disable=SC2086
      ostclean help $name | grep -q 'takes the output options' && output=$(helped 'output options')
      # shellcheck disable=SC2086
      same "the options of --help and the completion of $name" \
        "$(printf '%s\n' "$all" "$output" "$(helped 'global options')" | sorted)" "$(completed $name | sorted)"
    done < <(names "$word")
    if ! own_page "$word" || [ ! -f "$root/man/ostclean-$word.1.scd" ]; then continue; fi
    same "the options of --help and ostclean-$word.1" "$(sorted <<<"$own" || true)" \
      "$(documented OPTIONS "ostclean-$word" | sorted || true)"
  done
}

check_pages() {
  local page section found
  for page in "$root"/man/*.scd; do
    page=$(basename "$page" .scd)
    [ -f "$built/$page" ] || { complain "$page was not built"; continue; }
    found=$(mandoc -Tlint -W warning "$built/$page" || true)
    [ -z "$found" ] || complain "$found"
    for section in NAME SYNOPSIS DESCRIPTION '.*OPTIONS' 'EXIT STATUS' FILES ENVIRONMENT EXAMPLES; do
      grep -qE "^# $section\$" "$root/man/$page.scd" || complain "$page has no section $section"
    done
  done
}

# What is said of a policy by a program that finds no cloud.
said_of() { # said_of FOLDER
  (cd "$1" && exec env -i PATH="$PATH" HOME="$1" ostclean --config policy.yaml users 2>&1) || true
}

# The policy that ostclean(1) shows is one.
check_policy() {
  local folder said
  folder=$(mktemp -d)
  sed -n '/^# POLICY FILE$/,/^# EXIT/p' "$root/man/ostclean.1.scd" |
    awk '/^```/ { inside = !inside; next } inside' >"$folder/policy.yaml"
  said=$(said_of "$folder")
  [[ -s $folder/policy.yaml && -n $said && $said != *policy.yaml* ]] || complain "the policy of ostclean(1): $said"
  echo 'nonsense: 1' >>"$folder/policy.yaml"
  said=$(said_of "$folder")
  [[ $said == *policy.yaml* ]] || complain "a wrong policy is taken: $said"
  rm -r "$folder"
}

case $what in
  commands) check_commands ;;
  options) check_options ;;
  pages)
    check_pages
    check_policy
    ;;
esac
exit $((failures > 0))

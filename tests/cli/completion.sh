#!/usr/bin/env bash
# The completion scripts in the real shells: completion.sh bash|zsh|fish BUILD_CMD_DIRECTORY.
set -euo pipefail
shell=$1
bin=$(cd "$(dirname "${OSTCLEAN_PROGRAM:-$2/ostclean}")" && pwd -P)
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
while IFS= read -r name; do unset "$name"; done < <(compgen -e | grep -E '^(OS_|XDG_)')
export HOME=$work PATH=$bin:$PATH OS_CLIENT_CONFIG_FILE=$work/clouds.yaml LC_ALL=C.UTF-8
printf 'clouds:\n  alpha: {auth: {auth_url: "http://127.0.0.1:1/v3"}}\n  beta: {}\n' >"$work/clouds.yaml"
cd "$work"
touch somefile
failures=0

# expect TYPED CANDIDATE...: what TYPED completes to.
expect() {
  local typed=$1 want got
  shift
  want=$(printf '%s\n' "$@" | LC_ALL=C sort)
  got=$(candidates "$typed" | LC_ALL=C sort)
  if [ "$want" != "$got" ]; then
    printf '%s: %q\n  wanted: %s\n  got:    %s\n' "$shell" "$typed" "${want//$'\n'/ }" "${got//$'\n'/ }" >&2
    failures=$((failures + 1))
  fi
}

case $shell in
  bash)
    # shellcheck disable=SC1091
    [ ! -r /usr/share/bash-completion/bash_completion ] || . /usr/share/bash-completion/bash_completion || true
    # shellcheck source=../../completion/ostclean.bash
    . "$root/completion/ostclean.bash"
    candidates() {
      local words
      # As readline splits: '=' is a word of its own.
      read -ra words <<<"${1//=/ = }"
      [[ $1 == *[\ =] ]] && words+=("")
      COMP_WORDS=("${words[@]}") COMP_CWORD=$((${#words[@]} - 1)) COMP_LINE=$1 COMP_POINT=${#1}
      COMPREPLY=()
      _ostclean 2>/dev/null
      [ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\n' "${COMPREPLY[@]}"
    }
    expect 'ostclean auth --format=j' json
    expect 'ostclean auth --log-file some'
    ;;
  fish)
    # fish names what it completes to in the first column, whole words only.
    candidates() {
      fish --no-config -c "source '$root/completion/ostclean.fish'; complete -C '$1'" | cut -f1
    }
    expect 'ostclean auth --format=j' --format=json
    expect 'ostclean auth --log-file some' somefile
    ;;
  zsh)
    # The completion system itself is asked, with compadd replaced by one that prints. It writes down which functions
    # there are, so that the next question need not look for them.
    candidates() {
      zsh -f -c '
        fpath=($1 $fpath)
        autoload -Uz compinit _ostclean
        compinit -u -d $3
        [[ $_comps[ostclean] == _ostclean ]] || exit 1
        functions[compadd]="while [[ \$1 != -- ]]; do shift; done; shift; print -rl -- \"\$@\""
        _files() { print -r -- somefile }
        words=(${(z)2}); [[ $2 == *" " ]] && words+=("")
        CURRENT=$#words PREFIX=$words[-1]
        _ostclean' zsh "$root/completion" "$1" "$work/known"
    }
    expect 'ostclean auth --format=j' --format=json
    expect 'ostclean auth --log-file some' somefile
    ;;
esac

expect 'ostclean aut' auth
expect 'ostclean --os-cloud ' alpha beta
expect 'ostclean --os-cloud alpha vers' version
expect 'ostclean --os-cac' --os-cacert
expect 'ostclean auth -f ' table json ndjson csv value yaml
expect 'ostclean auth --color a' auto always
expect 'ostclean help kin' kinds
expect 'ostclean vmexp' vmexpire
expect 'ostclean vmexclude ' list show create delete
expect 'ostclean vmexclude list --type ' domain project user
exit $((failures > 0))

#!/usr/bin/env bash
# check.sh RULE TREE: fails, with one line a place, when TREE breaks RULE.
set -u
# shellcheck source=../../common.sh
. "$(dirname "$0")/../../common.sh"
# shellcheck disable=SC2034 # the rules read it
rule=$1 tree=$(cd "$2" && pwd -P)
# shellcheck source=rules.sh
. "$(dirname "$0")/rules.sh"

declare -F "rule_$rule" >/dev/null || { echo "no such rule: $rule"; exit 2; }
found=$("rule_$rule" 2>&1)
[ -z "$found" ] && exit 0
printf '%s\n' "$found"
exit 1

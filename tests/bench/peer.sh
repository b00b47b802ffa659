#!/usr/bin/env bash
# Times `ostclean delete` against the stock client's `project cleanup` on equally seeded projects of the
# cloud of ../shared/cloud, in pairs, and prints what each leaves behind. Not a test: it takes minutes
# and wants a quiet machine.
# peer.sh [PAIRS [OPTION_OF_SEED...]]   CLOUD_DIR names the running cloud, OS_* its administrator.
set -euo pipefail
# shellcheck source=../common.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../common.sh"

pairs=${1:-3}
shift $(($# > 0))
cloud=$root/../shared/cloud
prefix=bench-$$
: "${CLOUD_DIR:?names the folder of the running cloud}" "${OS_AUTH_URL:?}" "${OS_USERNAME:?}" "${OS_PASSWORD:?}"
[ -x "$build/cmd/ostclean" ] || die "'$build/cmd/ostclean' is not there; build first"
work=$(mktemp -d)
finish() {
  local n
  for n in $(seq $((2 * pairs))); do
    n=$(printf '%s-%02d' "$prefix" "$n")
    # What the peer leaves would stay without an owner.
    "$build/cmd/ostclean" -q delete --project "$n" --yes >/dev/null 2>&1 || true
    openstack user delete "$n" 2>/dev/null || true
    openstack project delete "$n" 2>/dev/null || true
  done
  rm -rf "$work" "$CLOUD_DIR/seeded-$prefix.json"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# timed FILE COMMAND...: appends its seconds to FILE.
timed() {
  local file=$1 start end
  shift
  start=$(date +%s%N)
  "$@" >"$work/output" 2>&1 || { echo "exit $?: $*"; tail -n 5 "$work/output"; }
  end=$(date +%s%N)
  awk -v ns=$((end - start)) 'BEGIN {printf "%.2f\n", ns / 1e9}' | tee -a "$file"
}
peer() { echo y | openstack project cleanup --project "$1"; }
median() { sort -n "$1" | awk '{v[NR] = $1} END {print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'; }

"$cloud/seed" --users $((2 * pairs)) --project-prefix "$prefix" "$@"
for pair in $(seq "$pairs"); do
  ours=$(printf '%s-%02d' "$prefix" $((2 * pair - 1)))
  theirs=$(printf '%s-%02d' "$prefix" $((2 * pair)))
  # The peer cannot act on a project in which it holds no role.
  openstack role add --user "$OS_USERNAME" --project "$theirs" admin
  echo "pair $pair: ostclean delete --project $ours --yes"
  timed "$work/ours" "$build/cmd/ostclean" delete --project "$ours" --yes
  echo "pair $pair: openstack project cleanup --project $theirs"
  timed "$work/theirs" peer "$theirs"
done
for name in "$ours" "$theirs"; do
  printf '\nleft in %s\n' "$name"
  "$cloud/inventory" "$name"
done
awk -v ours="$(median "$work/ours")" -v theirs="$(median "$work/theirs")" \
  'BEGIN {printf "\nmedian of ostclean %.2f s, of openstack project cleanup %.2f s, ratio %.1f\n", ours, theirs, theirs / ours}'

#!/bin/sh
# The stock OpenStack client against the sandbox: whoever disagrees with it is wrong, and it is not
# the client. Usage: with_openstackclient.sh PROGRAM; 77 when that client is not installed.
set -eu
program=$1
command -v openstack >/dev/null 2>&1 || exit 77

dir=$(mktemp -d)
"$program" --serve --dir "$dir" --max-seconds 900 \
  --seed trial-01,role=trial,started=2026-10-01,duration=14,level=rare >/dev/null &
pid=$!
trap 'kill $pid 2>/dev/null || true; wait $pid 2>/dev/null || true; rm -rf "$dir"' EXIT
for _ in $(seq 100); do
  [ -e "$dir/clouds.yaml" ] && break
  sleep 0.1
done
OS_CLIENT_CONFIG_FILE=$dir/clouds.yaml
export OS_CLIENT_CONFIG_FILE
unset OS_CLOUD OS_AUTH_URL OS_USERNAME OS_PASSWORD OS_PROJECT_NAME OS_TOKEN || true

# expect CLOUD PATTERN WORD...: the command succeeds and prints the pattern.
expect() {
  cloud=$1 pattern=$2
  shift 2
  if ! output=$(openstack --os-cloud "$cloud" "$@" 2>&1); then
    printf 'failed: openstack %s\n%s\n' "$*" "$output" >&2
    exit 1
  fi
  case $output in
    *"$pattern"*) ;;
    *)
      printf 'no "%s" in: openstack %s\n%s\n' "$pattern" "$*" "$output" >&2
      exit 1
      ;;
  esac
}

expect admin trial-01 project list
expect admin trial-01-vm0 server list --all-projects
expect admin trial role assignment list --names --project trial-01
expect trial-01 trial-01-vm0 server list
expect trial-01 awaiting-transfer volume list
expect trial-01 trial-01-router router list
expect trial-01 trial-01-private image list
expect trial-01 trial-01-versions container list
expect trial-01 trial-01-key keypair list
expect trial-01 "" server delete --wait trial-01-vm1
expect trial-01 "" volume create --size 1 fresh
expect trial-01 "" volume delete fresh
expect trial-01 "" network create fresh
expect trial-01 "" network delete fresh
if openstack --os-cloud trial-01 network delete trial-01-net 2>"$dir/refused"; then
  echo "a network in use was deleted" >&2
  exit 1
fi
grep -q 'ports still in use' "$dir/refused"

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
unset OS_AUTH_URL OS_USERNAME OS_PASSWORD OS_PROJECT_NAME OS_TOKEN || true

# session CLOUD <COMMANDS: all in one run of the client, to start which costs more than to ask. It ends with 0
# whatever becomes of them; what fails is in $dir/failed.
session() {
  OS_CLOUD=$1 openstack >"$dir/told" 2>"$dir/failed"
}

# told PATTERN...: the commands printed each of them.
told() {
  for pattern; do
    grep -qF -- "$pattern" "$dir/told" && continue
    printf 'nothing said "%s":\n' "$pattern" >&2
    cat "$dir/told" "$dir/failed" >&2
    exit 1
  done
}

# failed_only PATTERN: something failed, and nothing but for that reason; with '' nothing did.
failed_only() {
  if [ -n "$1" ]; then [ -s "$dir/failed" ] && ! grep -vqE "$1" "$dir/failed"; else [ ! -s "$dir/failed" ]; fi && return
  echo "this failed, or this should have: $1" >&2
  cat "$dir/failed" >&2
  exit 1
}

session admin <<'end'
project list
server list --all-projects
role assignment list --names --project trial-01
end
told '| trial-01 ' trial-01-vm0 '| trial '
failed_only ''

session trial-01 <<'end'
volume create --size 1 fresh
network create fresh-net
server list
volume list
router list
image list
container list
keypair list
server delete --wait trial-01-vm1
volume delete fresh
network delete fresh-net
end
told trial-01-vm0 awaiting-transfer trial-01-router trial-01-private trial-01-versions trial-01-key
failed_only ''

session trial-01 <<'end'
server list
network list
network delete trial-01-net
end
told trial-01-vm0 trial-01-net
failed_only 'ports still in use|^1 of 1 networks failed'
if grep -qE 'trial-01-vm1|fresh-net' "$dir/told"; then
  echo "what was deleted is there" >&2
  exit 1
fi

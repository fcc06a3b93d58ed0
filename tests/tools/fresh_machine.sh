#!/usr/bin/env bash
# fresh_machine.sh SUITE COMMAND...: runs each COMMAND (such as './dev test')
# in a clone of this tree's HEAD on a fresh minimal Debian SUITE (bookworm,
# trixie or sid): debootstrap's minbase, /proc, and a network for apt, nothing else.
# Needs root and debootstrap. The bare system is kept in
# ${FRESH_CACHE:-build/fresh}; the copy in which the commands ran is deleted,
# unless KEEP is set.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
suite=$1
shift
cache=$(readlink -m "${FRESH_CACHE:-build/fresh}")
base=$cache/$suite
root=$cache/$suite.$$

mkdir -p "$cache"
if [ ! -e "$base/etc/debian_version" ]; then
  printf '== debootstrap of %s\n' "$suite"
  debootstrap --variant=minbase "$suite" "$base" >"$base.log" 2>&1 || {
    tail "$base.log" >&2
    exit 1
  }
fi
cleanup() { if [ -z "${KEEP:-}" ]; then rm -rf --one-file-system "$root"; else echo "kept: $root"; fi; }
trap cleanup EXIT
cp -a "$base" "$root"
cp /etc/resolv.conf "$root/etc/resolv.conf"
git clone -q --no-hardlinks . "$root/root/operator_connect_exporter"
# A checkout without its history must do as well: the system has no git.

for command in "$@"; do
  printf '== %s: %s\n' "$suite" "$command"
  started=$SECONDS code=0
  # Its own processes and mounts, which end with it.
  unshare --mount --pid --fork --kill-child --mount-proc="$root/proc" \
    env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb \
    chroot "$root" /bin/sh -c "cd /root/operator_connect_exporter && $command" </dev/null || code=$?
  printf '== %s: %s: exit code %d after %d s\n' "$suite" "$command" "$code" $((SECONDS - started))
  if [ "$code" -ne 0 ]; then exit "$code"; fi
done

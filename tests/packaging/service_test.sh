#!/bin/bash
# The service under a real systemd: installed from the package into a fresh
# chroot, started in namespaces of its own, with the secret as a credential.
#
#   tests/packaging/service_test.sh PACKAGE.deb [SUITE]
#
# Needs root, debootstrap and a kernel with the unified control group
# hierarchy. SUITE is the Debian that the package is for (bookworm).
set -euo pipefail
# shellcheck source=tests/packaging/chroots.sh
. "$(dirname "$0")/chroots.sh"
[ "$(id -u)" = 0 ] || skip "only root may use chroot"
package=$(readlink -f "${1:?usage: service_test.sh PACKAGE.deb [SUITE]}")
suite=${2:-bookworm}
unit=operator_connect_exporter
work=$(mktemp -d -p "${OC_WORK:-/var/tmp}")
root=$work/root
outer=
# shellcheck disable=SC2317
clean() {
  if [ -n "$outer" ]; then
    kill -KILL "$outer" 2>/dev/null || true
    wait "$outer" 2>/dev/null || true
  fi
  rm -rf --one-file-system "$work"
}
trap clean EXIT

prepare() {
  unpack "$suite" "$root"
  { inside "$root" apt-get update -q &&
    inside "$root" apt-get install -qy systemd libnss-systemd curl; } >"$work/apt" 2>&1 ||
    { tail -20 "$work/apt" >&2; fail "systemd does not install"; }
  cp "$package" "$root/package.deb"
  inside "$root" apt-get install -qy /package.deb >"$work/apt" 2>&1 ||
    { tail -20 "$work/apt" >&2; fail "the package does not install"; }
  rm "$root/usr/sbin/policy-rc.d"
  local drop_in=$root/etc/systemd/system/$unit.service.d
  mkdir -p "$drop_in"
  cp "$OC_SOURCE/config/systemd/$unit.service.d/secrets.conf.example" "$drop_in/secrets.conf"
  # There is no journal.
  printf '[Service]\nStandardError=append:/log\n' >"$drop_in/log.conf"
  printf 'ARGS="--web.listen-address=127.0.0.1:10390"\n' >"$root/etc/default/$unit"
  printf '[Unit]\nDefaultDependencies=no\n' >"$root/etc/systemd/system/test.target"
  cp "$root/etc/$unit/$unit.yml" "$work/good.yml"
  printf secret >"$root/etc/$unit/secrets/emea"
  chmod 600 "$root/etc/$unit/secrets/emea"
}

# Shares only the kernel with the machine: has its own processes, mounts,
# network and control groups, and read-only access to the kernel's settings.
boot() {
  cat >"$work/boot" <<'BOOT'
set -e
mount --make-rprivate /
mount --bind "$1" "$1"
mount -t proc proc "$1/proc"
mount -t sysfs sysfs "$1/sys"
mount -t tmpfs tmpfs "$1/run"
mount -t tmpfs tmpfs "$1/tmp"
mount -t cgroup2 cgroup2 "$1/sys/fs/cgroup"
mount --bind "$1/proc/sys" "$1/proc/sys"
mount -o remount,bind,ro "$1/proc/sys"
ip link set lo up
cd "$1"
mkdir -p old
pivot_root . old
umount -l /old
mount --make-rshared /
exec env -i container=lxc PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  /lib/systemd/systemd --unit=test.target --log-target=console --show-status=0
BOOT
  unshare --pid --mount --uts --ipc --net --cgroup --fork --kill-child \
    bash "$work/boot" "$root" </dev/null >"$work/boot.log" 2>&1 &
  outer=$!
  for _ in $(seq 100); do
    init=$(pgrep -P "$outer" -x systemd || true)
    if [ -n "$init" ] && in_there systemctl is-system-running >"$work/state" 2>&1; then return; fi
    kill -0 "$outer" 2>/dev/null || break
    sleep 0.1
  done
  cat "$work/boot.log" >&2
  skip "systemd does not start here"
}
in_there() { timeout 60 nsenter -t "$init" -a env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@" </dev/null; }
page() { in_there curl -fsS -m 10 "http://127.0.0.1:10390$1"; }
log() { cat "/proc/$init/root/log" 2>/dev/null || true; }
property() { in_there systemctl show --value -p "$1" "$unit.service"; }
wait_for_log() {
  for _ in $(seq 50); do
    if grep -q "$1" <<<"$(log)"; then return; fi
    sleep 0.1
  done
  log >&2
  fail "the log has no: $1"
}

prepare
boot

in_there systemctl start $unit || { log >&2; fail "the service does not start"; }
[ "$(property ActiveState)" = active ] || fail "the service is not active"
page /-/ready >/dev/null || fail "not ready although systemd was told so"
grep -q 'Operator Connect exporter' <<<"$(page /)" || fail "landing page"
grep -q '^process_start_time_seconds [1-9]' <<<"$(page /metrics)" || fail "no start time"
main=$(property MainPID)
uid=$(in_there stat -c %u "/proc/$main")
[ "$uid" -gt 60000 ] || fail "it runs as $uid"
in_there grep -q '^CapBnd:[[:blank:]]*0*$' "/proc/$main/status" || fail "it has capabilities"
pass "starts by Type=notify under systemd $(in_there systemctl --version | head -1 | cut -d' ' -f2)," \
  "as user $uid, with a secret that only root may read"

live=/proc/$init/root/etc/$unit/$unit.yml
echo 'unknown_key: 1' >>"$live"
in_there systemctl reload $unit
wait_for_log "level=error.*unknown_key"
[ "$(property MainPID)" = "$main" ] || fail "a bad reload ended it"
cat "$work/good.yml" >"$live"
in_there systemctl reload $unit
wait_for_log "configuration reloaded"
pass "systemctl reload takes a good configuration and refuses a bad one"

SECONDS=0
in_there systemctl stop $unit
[ "$(property Result)" = success ] || fail "stop: $(property Result)"
[ $SECONDS -lt 5 ] || fail "stopping took $SECONDS s"
pass "systemctl stop ends it with success"

in_there systemctl start $unit.socket
page /-/ready >/dev/null || fail "the socket does not start the service"
# shellcheck disable=SC2016 # for the shell in there
in_there bash -c 'for i in $(seq 40); do
  curl -fsS -m 10 -o /dev/null http://127.0.0.1:10390/-/ready || exit 1; sleep 0.05; done' &
client=$!
sleep 0.3
in_there systemctl restart $unit
wait "$client" || fail "a request was refused while the service restarted behind its socket"
in_there systemctl stop $unit.socket $unit.service
pass "behind its socket it restarts without refusing a request"

echo 'ARGS="--no-such-flag"' >"/proc/$init/root/etc/default/$unit"
! in_there systemctl start $unit 2>/dev/null || fail "wrong usage starts"
[ "$(property ActiveState)/$(property ExecMainStatus)" = failed/2 ] || fail "wrong usage is tried again"
pass "wrong usage fails once and for all"

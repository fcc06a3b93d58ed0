#!/bin/bash
# The Debian package, in fresh minimal chroots of Debian 12 and 13: built twice
# to the same bytes, checked by lintian, installed, run, upgraded, purged.
#
#   tests/packaging/deb_test.sh [bookworm] [trixie]
#
# Needs root and debootstrap. $OC_CHROOTS keeps the chroots, $OC_DEB_DIR gets
# the packages, $OC_JOBS limits the compilers.
set -euo pipefail
# shellcheck source=tests/packaging/chroots.sh
. "$(dirname "$0")/chroots.sh"
[ "$(id -u)" = 0 ] || skip "only root may use chroot"

name=operator-connect-exporter
program=operator_connect_exporter
config=/etc/$program/$program.yml
work=$(mktemp -d)
pid=
# shellcheck disable=SC2317
clean() {
  [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
  rm -rf --one-file-system "$work"
}
trap clean EXIT

# build FOLDER OPTION...: builds the source in the builder's FOLDER; the
# packages land in FOLDER/out.
build() {
  local where=$1
  shift
  inside "$builder" env CCACHE_DISABLE=1 "OC_JOBS=${OC_JOBS:-}" "${build_environment[@]}" \
    sh "$where/config/packaging/build_deb.sh" "$where/out" "$@" >"$builder$where.log" 2>&1 ||
    { tail -30 "$builder$where.log" >&2; fail "build in $where"; }
}

# Builds twice, differing in all that should not matter: path, time zone,
# locale, file mode mask, order of the files on disk.
build_twice() {
  rm -rf "$builder/first" "$builder/tmp/second" "$builder/one.log"
  copy_source "$builder/first"
  mkdir -p "$builder/tmp/second"
  copy_source "$builder/tmp/second/with a longer path"
  build_environment=(TZ=UTC LC_ALL=C)
  build /first
  build_environment=(TZ=Asia/Tokyo LC_ALL=C.UTF-8)
  (umask 077 && build "/tmp/second/with a longer path")
  first=$(ls "$builder"/first/out/*.deb)
  second=$(ls "$builder/tmp/second/with a longer path/out/"*.deb)
  cmp "$first" "$second" || fail "two builds differ"
  [ "$(basename "$first")" = "$(basename "$second")" ] || fail "two builds have two names"
  ! dpkg-deb --fsys-tarfile "$first" | tar -xO ./usr/bin/$program |
    grep -aq -e '/first/' -e 'longer path' || fail "the program names the folder it was built in"
  pass "two builds are the same to the byte: $(stat -c %s "$first") bytes," \
    "sha256 $(sha256sum "$first" | cut -c1-16)…"
  [ -z "${OC_DEB_DIR:-}" ] || install -D -m 644 -t "$OC_DEB_DIR" "$first"
}

# lintian_explained.txt must explain everything that lintian finds.
run_lintian() {
  cp "$first" "$builder/tmp/"
  inside "$builder" lintian --allow-root --display-info --tag-display-limit 0 \
    "/tmp/$(basename "$first")" >"$work/lintian" || true
  grep -v -e '^#' -e '^$' "$OC_SOURCE/tests/packaging/lintian_explained.txt" |
    cut -d: -f1 >"$work/explained"
  sed 's/^[A-Z]: [^ ]*: //' "$work/lintian" | cut -d' ' -f1 | sort -u >"$work/found"
  unexplained=$(grep -vxFf "$work/explained" "$work/found" || true)
  [ -z "$unexplained" ] || { cat "$work/lintian" >&2; fail "lintian: $unexplained"; }
  pass "lintian $(inside "$builder" lintian --version | grep -o '[0-9][0-9.]*' | head -1)" \
    "finds nothing unexplained ($(wc -l <"$work/found") explained)"
}

# get PATH: a page of the running program, by a client that minbase has.
get() {
  inside "$root" bash -c "exec 3<>/dev/tcp/127.0.0.1/$port &&
    printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' '$1' >&3 &&
    timeout 10 cat <&3"
}

# Sets $pid and $port.
start() {
  exec_inside "$root" $program --config.file=$config --web.listen-address=127.0.0.1:0 \
    2>"$work/log" &
  pid=$!
  port=
  for _ in $(seq 100); do
    port=$(grep -oE '127\.0\.0\.1:[0-9]+' "$work/log" | head -1 | cut -d: -f2 || true)
    [ -z "$port" ] || return 0
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  cat "$work/log" >&2
  fail "the program does not say where it listens"
}

stop() {
  kill -TERM "$pid"
  local status=0
  wait "$pid" || status=$?
  pid=
  [ "$status" = 0 ] || { cat "$work/log" >&2; fail "SIGTERM ended it with $status"; }
}

# Everything under /etc and /var that has to do with the package.
traces() {
  (cd "$root" && find etc usr var/lib run -iname '*operator*connect*' \
    ! -path 'var/lib/apt/*' ! -path 'var/cache/*' | sort)
}

install_and_run() {
  root=$work/root
  unpack "$suite" "$root"
  inside "$root" apt-get update -q >"$work/apt" 2>&1 || { cat "$work/apt" >&2; fail "apt-get update"; }
  cp "$first" "$root/"
  inside "$root" apt-get install -qy "/$(basename "$first")" >"$work/apt" 2>&1 ||
    { tail -20 "$work/apt" >&2; fail "the package does not install"; }
  inside "$root" dpkg-query -s $name | grep -qx 'Status: install ok installed' || fail "status"
  inside "$root" dpkg --verify $name || fail "installed files differ from the package's"
  [ -L "$root/etc/systemd/system/multi-user.target.wants/$program.service" ] || fail "not enabled"
  pass "installs with its dependencies from $suite alone, and is enabled"

  version=$(inside "$root" $program --version)
  case $version in *"$(dpkg-deb -f "$first" Version | sed 's/-.*//')"*) ;; *) fail "version: $version" ;; esac
  inside "$root" $program --help >"$work/help"
  python3 "$OC_SOURCE/tests/packaging/manual_test.py" --help-text "$work/help" \
    "$root/usr/share/man/man1/$program.1.gz" || fail "manual page"
  ! inside "$root" $program --config.check --config.file=$config >"$work/check" 2>&1 ||
    fail "the example passes the check although its secret is missing"
  grep -q "$program.yml:[0-9]" "$work/check" || { cat "$work/check" >&2; fail "the check names no line"; }
  # The secrets that the example names.
  sed -nE 's/^[^#]*(client_secret|credentials)_file: *([^ ,}]+).*/\2/p' "$root$config" |
    while read -r file; do
      install -D -m 600 /dev/stdin "$root/etc/$program/$file" <<<secret
    done
  inside "$root" $program --config.check --config.file=$config >"$work/check" 2>&1 ||
    { cat "$work/check" >&2; fail "the example does not pass the check"; }
  start
  get / >"$work/page"
  grep -q '^HTTP/1.1 200' "$work/page" || fail "status of the landing page"
  grep -q 'Operator Connect exporter' "$work/page" || fail "text of the landing page"
  grep -q '^HTTP/1.1 200' <<<"$(get /-/ready)" || fail "/-/ready"
  stop
  pass "runs: version, check, landing page, end by SIGTERM"
}

upgrade() {
  build /first -DOC_PACKAGE_RELEASE=2
  local newer
  newer=$(ls "$builder"/first/out/*-2_*.deb)
  echo '# changed by the administrator' >>"$root$config"
  cp "$newer" "$root/"
  inside "$root" apt-get install -qy "/$(basename "$newer")" >"$work/apt" 2>&1 ||
    { tail -20 "$work/apt" >&2; fail "the upgrade fails"; }
  inside "$root" dpkg-query -s $name | grep -qx "Version: $(dpkg-deb -f "$newer" Version)" ||
    fail "not upgraded"
  grep -q '^# changed by the administrator' "$root$config" || fail "the upgrade lost a change"
  # The effect of `systemctl disable`.
  rm "$root/etc/systemd/system/multi-user.target.wants/$program.service"
  inside "$root" apt-get install -qy --reinstall "/$(basename "$newer")" >"$work/apt" 2>&1 ||
    { tail -20 "$work/apt" >&2; fail "the package does not install again"; }
  [ ! -L "$root/etc/systemd/system/multi-user.target.wants/$program.service" ] ||
    fail "the upgrade enabled what was disabled"
  pass "upgrades, keeps a changed configuration, and a disabled service disabled"
}

remove_and_purge() {
  inside "$root" apt-get remove -qy $name >"$work/apt" 2>&1 || { cat "$work/apt" >&2; fail "remove"; }
  [ -f "$root$config" ] || fail "removal took the configuration away"
  [ ! -e "$root/usr/bin/$program" ] || fail "removal left the program"
  inside "$root" apt-get purge -qy $name >"$work/apt" 2>&1 || { cat "$work/apt" >&2; fail "purge"; }
  [ -z "$(traces)" ] || fail "purging left: $(traces)"
  pass "removal keeps the configuration, purging leaves nothing"
}

[ $# -gt 0 ] || set -- bookworm trixie
for suite; do
  echo "# $suite"
  builder_of "$suite"
  build_twice
  run_lintian
  install_and_run
  upgrade
  remove_and_purge
  rm -rf --one-file-system "$root" "$builder/first" "$builder/tmp/second"
done

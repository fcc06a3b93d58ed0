# shellcheck shell=bash
# Sourced by the tests that need a small Debian to themselves. They must be
# root, and keep what is costly to make in $OC_CHROOTS.

OC_CHROOTS=${OC_CHROOTS:-${XDG_CACHE_HOME:-$HOME/.cache}/operator_connect_exporter/chroots}
OC_MIRROR=${OC_MIRROR:-http://deb.debian.org/debian}
OC_SOURCE=$(cd "$(dirname "$0")/../.." && pwd)

# 77 tells ctest that the test could not be run.
skip() { echo "skipped: $*" >&2; exit 77; }
fail() { echo "FAILED: $*" >&2; exit 1; }
pass() { echo "ok: $*"; }

# base_of SUITE: the tar of a fresh minbase, made once.
base_of() {
  base=$OC_CHROOTS/$1.tar
  if [ ! -f "$base" ]; then
    command -v debootstrap >/dev/null || skip "debootstrap is not installed"
    mkdir -p "$OC_CHROOTS"
    rm -rf "$base.d"
    debootstrap --variant=minbase "$1" "$base.d" "$OC_MIRROR" >"$base.log" 2>&1 ||
      fail "debootstrap of $1, see $base.log"
    rm -rf "$base.d"/var/cache/apt/archives/*.deb
    tar -C "$base.d" --exclude='./dev/*' -cf "$base.part" .
    mv "$base.part" "$base"
    rm -rf "$base.d"
  fi
}

# unpack SUITE FOLDER: a fresh minbase in which no service may be started.
unpack() {
  base_of "$1"
  mkdir -p "$2"
  tar -C "$2" --exclude='./dev/*' -xf "$OC_CHROOTS/$1.tar"
  mknod -m 666 "$2/dev/null" c 1 3
  mknod -m 666 "$2/dev/zero" c 1 5
  mknod -m 666 "$2/dev/random" c 1 8
  mknod -m 666 "$2/dev/urandom" c 1 9
  cp -L /etc/resolv.conf "$2/etc/resolv.conf"
  printf '#!/bin/sh\nexit 101\n' >"$2/usr/sbin/policy-rc.d"
  chmod 755 "$2/usr/sbin/policy-rc.d"
  echo 'APT::Install-Recommends "false";' >"$2/etc/apt/apt.conf.d/99test"
}

# inside FOLDER COMMAND...: runs it there with a clean environment. With
# exec_inside the shell becomes the command, so that its process id is known.
exec_inside() {
  folder=$1
  shift
  exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb LC_ALL=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive chroot "$folder" "$@" </dev/null
}
inside() { (exec_inside "$@"); }

# builder_of SUITE: sets $builder, a chroot with all that a build needs.
builder=
builder_of() {
  builder=$OC_CHROOTS/$1-builder
  if [ ! -f "$builder/.complete" ]; then
    rm -rf "$builder"
    unpack "$1" "$builder"
    { inside "$builder" apt-get update -q &&
      inside "$builder" apt-get install -qy \
        ca-certificates cmake dpkg-dev file g++ git lintian ninja-build pkgconf \
        doctest-dev libcli11-dev libcpp-httplib-dev libcrypt-dev libcurl4-openssl-dev \
        libsqlite3-dev libssl-dev libyaml-cpp-dev prometheus-cpp-dev rapidjson-dev \
        zlib1g-dev; } >"$builder.log" 2>&1 || fail "build tools of $1, see $builder.log"
    touch "$builder/.complete"
  fi
}

# copy_source FOLDER: the working tree without what git ignores, and its
# history's tip.
copy_source() {
  rm -rf "$1"
  git clone -q --no-hardlinks --depth 1 "file://$OC_SOURCE" "$1"
  (cd "$OC_SOURCE" && git ls-files -coz --exclude-standard | while IFS= read -r -d '' name; do
    [ -e "$name" ] && printf '%s\0' "$name"
  done | tar --null -T - -cf -) | tar -C "$1" -xf -
}

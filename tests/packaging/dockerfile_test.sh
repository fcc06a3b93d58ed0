#!/bin/bash
# The images: built without an engine, looked into, and run.
#
#   tests/packaging/dockerfile_test.sh
#
# Needs root, buildah and debootstrap. The base image is made from a minimal
# Debian 13 when OC_BASE does not name one to use. $OC_CHROOTS keeps that
# Debian, $OC_IMAGES the images and what was built for them, and $OC_JOBS limits
# the compilers.
set -euo pipefail
# shellcheck source=tests/packaging/chroots.sh
. "$(dirname "$0")/chroots.sh"
[ "$(id -u)" = 0 ] || skip "only root may use chroot"
command -v buildah >/dev/null || skip "buildah is not installed"

suite=trixie
program=/usr/bin/operator_connect_exporter
work=$(mktemp -d -p "${OC_WORK:-/var/tmp}")
containers=()
pids=()
storage=${OC_IMAGES:-$work/storage}
build() { buildah --storage-driver vfs --root "$storage" --runroot "$work/run" "$@"; }
descendants() {
  local child
  for child in $(pgrep -P "$1" || true); do
    descendants "$child"
    echo "$child"
  done
}
# shellcheck disable=SC2317
clean() {
  # buildah passes no signal on: the programs themselves are ended, and it with them.
  for pid in "${pids[@]}"; do
    descendants "$pid" | xargs -r kill 2>/dev/null || true
  done
  wait
  [ ${#containers[@]} -eq 0 ] || build rm "${containers[@]}" >/dev/null 2>&1 || true
  rm -rf --one-file-system "$work"
}
trap clean EXIT

# Like debian:trixie-slim: a minbase without manuals and translations.
make_base() {
  base_of "$suite"
  local container folder
  container=$(build from scratch)
  folder=$(build mount "$container")
  tar -C "$folder" --exclude='./dev/*' -xf "$OC_CHROOTS/$suite.tar"
  rm -rf "$folder"/var/lib/apt/lists/* "$folder"/var/cache/apt/* "$folder"/var/log/* \
    "$folder"/usr/share/{doc,info,lintian,locale,man}/*
  printf 'path-exclude /usr/share/%s/*\n' doc info lintian locale man \
    >"$folder/etc/dpkg/dpkg.cfg.d/docker"
  build umount "$container" >/dev/null
  build config --cmd bash "$container"
  build commit -q --rm "$container" "docker.io/library/debian:$suite-slim" >/dev/null
  OC_BASE=debian:$suite-slim
}

make_image() {
  # shellcheck disable=SC2086
  build build --isolation chroot --pull=never ${OC_IMAGES:+--layers} --target "$1" -t "oc:$1" \
    --build-arg "DEBIAN=$OC_BASE" --build-arg "JOBS=${OC_JOBS:-}" \
    --build-arg "REVISION=$(git -C "$OC_SOURCE" rev-parse HEAD)" \
    "$OC_SOURCE" >"$work/$1.log" 2>&1 || { tail -30 "$work/$1.log" >&2; fail "target $1 does not build"; }
  local size
  size=$(bytes_of "localhost/oc:$1")
  pass "target $1 builds: $size bytes, $((size - base_size)) more than the base"
}
bytes_of() {
  local container folder
  container=$(build from --pull=never "$1")
  folder=$(build mount "$container")
  du -s --apparent-size --block-size=1 "$folder" | cut -f1
  build rm "$container" >/dev/null
}

# enter IMAGE: sets $container and $folder.
enter() {
  container=$(build from --pull=never "localhost/oc:$1")
  containers+=("$container")
  folder=$(build mount "$container")
}

look_into() {
  enter exporter
  build inspect --type image localhost/oc:exporter >"$work/config"
  python3 - "$work/config" "$OC_SOURCE/CMakeLists.txt" <<'PYTHON' || fail "the image's configuration"
import json, re, sys
config = json.load(open(sys.argv[1]))["OCIv1"]["config"]
version = re.search(r"^  VERSION (\S+)$", open(sys.argv[2]).read(), re.M)[1]
assert config["Entrypoint"] == ["/usr/bin/operator_connect_exporter"], config
assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", config["User"]), config
assert list(config["ExposedPorts"]) in (["10390"], ["10390/tcp"]), config
labels = {key.rsplit(".", 1)[1]: value for key, value in config["Labels"].items()
          if key.startswith("org.opencontainers.image.")}
assert {"title", "description", "version", "revision"} <= set(labels), labels
assert labels["version"] == version, labels
assert re.fullmatch(r"[0-9a-f]{40}", labels["revision"]), labels
PYTHON
  local found
  found=$(find "$folder"/var/lib/apt/lists "$folder"/var/cache/apt "$folder"/src "$folder"/build \
    -type f ! -name lock 2>/dev/null | head -5 || true)
  [ -z "$found" ] || fail "left in the image: $found"
  for tool in gcc g++ cc c++ cpp as ld make ninja cmake git python3 live_platform_simulator; do
    [ ! -e "$folder/usr/bin/$tool" ] || fail "$tool is in the image"
  done
  found=$(find "$folder/usr/bin" -name '*-linux-gnu-*' | head -5)
  [ -z "$found" ] || fail "a compiler is in the image: $found"
  [ ! -d "$folder/usr/include/c++" ] || fail "headers are in the image"
  [ -s "$folder/etc/ssl/certs/ca-certificates.crt" ] || fail "no certificate authorities"
  pass "the image holds no compiler, no sources and no package lists, and has a user, a port, labels"
}

# With the image's settings, user included. Network and processes are the
# machine's.
run() { build run --isolation chroot "$container" -- "$@"; }

# wait_for PATTERN FILE: the first match.
wait_for() {
  local match
  for _ in $(seq 100); do
    match=$(grep -oE "$1" "$2" | head -1 || true)
    [ -z "$match" ] || { echo "$match"; return; }
    sleep 0.1
  done
  cat "$2" >&2
  return 1
}

run_demo() {
  enter demo
  local version
  version=$(run $program --version 2>&1)
  grep -q "$(git -C "$OC_SOURCE" rev-parse HEAD)" <<<"$version" || fail "version: $version"
  [ "$(run id -u)" = 65532 ] || fail "the user is $(run id -u)"
  mapfile -t flags < <(python3 -c '
import sys, yaml
print(*yaml.safe_load(open(sys.argv[1]))["services"]["simulator"]["command"], sep="\n")' \
    "$OC_SOURCE/config/compose.yaml")
  run /usr/bin/live_platform_simulator "${flags[@]/8470/0}" >"$work/simulator" 2>&1 &
  pids+=($!)
  local platform address
  platform=$(wait_for '127\.0\.0\.1:[0-9]+' "$work/simulator") || fail "the simulator does not start"
  sed "s/127\.0\.0\.1:8470/$platform/" "$OC_SOURCE/config/compose/operator_connect_exporter.yml" \
    >"$folder/etc/operator_connect_exporter/operator_connect_exporter.yml"
  # The configuration is found by its default name: the working folder is its.
  run $program --web.listen-address=127.0.0.1:0 >"$work/exporter" 2>&1 &
  pids+=($!)
  address=$(wait_for '127\.0\.0\.1:[1-9][0-9]+' "$work/exporter") || fail "the exporter does not start"
  curl -fsS --max-time 30 "http://$address/metrics" >"$work/metrics" || fail "no metrics"
  for account in emea apac latam; do
    grep -q "^operator_connect_leads{account=\"$account\",status=\"Active\"} [1-9]" "$work/metrics" ||
      fail "no leads of $account"
  done
  pass "the demo runs: $(grep -c '^operator_connect_' "$work/metrics") series of its three accounts"
}

[ -n "${OC_BASE:-}" ] || make_base
base_size=$(bytes_of "$OC_BASE")
make_image exporter
look_into
make_image demo
run_demo

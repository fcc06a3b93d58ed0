#!/bin/bash
# The units are valid, and the service's exposure is below 2.0 of 10. Nothing
# is started, and systemd need not run.
#
#   tests/packaging/systemd_test.sh [BUILD FOLDER]
set -euo pipefail
source=$(cd "$(dirname "$0")/../.." && pwd)
build=${1:-$source/build}
command -v systemd-analyze >/dev/null || { echo "skipped: no systemd-analyze" >&2; exit 77; }

units=$(mktemp -d)
trap 'rm -rf "$units"' EXIT
cp "$build/config/packaging/operator_connect_exporter.service" \
  "$source/config/systemd/operator_connect_exporter.socket" "$units"
# Programs are looked for where they will be, which need not be here.
sed -i -E 's#^(ExecStart|ExecReload)=[^ ]+#\1=/bin/true#' "$units"/*.service

check() {
  systemd-analyze verify --man=no --recursive-errors=no "$units"/*.service "$units"/*.socket 2>"$units/verify" ||
    { cat "$units/verify" >&2; exit 1; }
  ! grep operator_connect "$units/verify" >&2 || exit 1
  systemd-analyze security --offline=true --threshold=19 "$units"/*.service >"$units/security" ||
    { cat "$units/security" >&2; exit 1; }
  echo "ok: $1: $(tail -1 "$units/security")"
}

check "as it is"
mkdir "$units/operator_connect_exporter.service.d"
cp "$source/config/systemd/operator_connect_exporter.service.d/secrets.conf.example" \
  "$units/operator_connect_exporter.service.d/secrets.conf"
check "with the example of a drop-in"

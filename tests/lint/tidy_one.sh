#!/usr/bin/env bash
# tidy_one.sh COMMON FILE: clang-tidy and the thread-safety analysis over one
# file, or over all that it includes if CMake made it, unless the same content
# under the same conditions (COMMON) passed before.
set -euo pipefail
common=$1 file=$2
mapfile -t sources < <(sed -n 's/^#include "\(.*\.cc\)"$/\1/p' "$file")
sources+=("$file")
stamp=build/lint/passed/$( (echo "$common $file"; cat "${sources[@]}") | sha256sum | cut -c 1-32)
if [ -e "$stamp" ]; then exit 0; fi
# Newer clangs refuse an unused template in Debian 12's rapidjson/document.h,
# and libstdc++ 12 uses features that they deprecate.
extra=(--extra-arg=-Wno-unknown-warning-option
  --extra-arg=-Wthread-safety --extra-arg=-Wthread-safety-beta
  --extra-arg=-Wno-deprecated-declarations)
if grep -q 'rapidjson/document.h' "${sources[@]}"; then
  extra+=(--extra-arg=-fdelayed-template-parsing
    --extra-arg=-Wno-delayed-template-parsing-in-cxx20)
fi
# The units of CMake include sources. Our own files must not: include_layers.py.
if ! out=$(clang-tidy-19 --quiet -p build/lint --checks=-bugprone-suspicious-include "${extra[@]}" "$file" 2>/dev/null); then
  printf '%s: clang-tidy:\n%s\n' "$file" "$out"
  exit 1
fi
touch "$stamp"

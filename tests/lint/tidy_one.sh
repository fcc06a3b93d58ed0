#!/usr/bin/env bash
# tidy_one.sh COMMON FILE: clang-tidy over one file, unless the same content
# under the same conditions (COMMON) passed before.
set -euo pipefail
common=$1 file=$2
stamp=build/lint/$( (echo "$common $file"; cat "$file") | sha256sum | cut -c 1-32)
if [ -e "$stamp" ]; then exit 0; fi
if ! out=$(clang-tidy-19 --quiet -p build "$file" 2>/dev/null); then
  printf '%s: clang-tidy:\n%s\n' "$file" "$out"
  exit 1
fi
touch "$stamp"

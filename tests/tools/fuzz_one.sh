#!/usr/bin/env bash
# fuzz_one.sh TARGET SECONDS: one fuzzer, as many workers as processors. New
# inputs stay in build/fuzz/found/, the committed corpus is only read. An
# input that breaks the target is kept and named.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
. tests/tools/setup.sh

target=$1 seconds=$2
name=$(basename "$target")
corpus=tests/fuzz/corpus/${name%_fuzz}
found=build/fuzz/found/$name
mkdir -p "$found" "$LOGS"
rm -f "$LOGS/$name".*
step "Fuzzing $name for $seconds s with $JOBS workers"

pids=()
for worker in $(seq "$JOBS"); do
  "$target" -max_total_time="$seconds" -max_len=65536 -timeout=20 \
    -rss_limit_mb=2048 -print_final_stats=1 -reload=10 \
    -artifact_prefix="build/fuzz/$name-" "$found" "$corpus" \
    </dev/null >"$LOGS/$name.$worker.log" 2>&1 &
  pids+=($!)
done
trap 'kill "${pids[@]}" 2>/dev/null || true' EXIT
broken=
for worker in $(seq "$JOBS"); do
  if ! wait "${pids[$((worker - 1))]}"; then broken=$worker; fi
done
executions=$(awk '/stat::number_of_executed_units/ {n += $2} END {print n + 0}' "$LOGS/$name".*.log)
if [ -n "$broken" ]; then
  tail -n 60 "$LOGS/$name.$broken.log" >&2
  fail 1 "$name broke; its input is named above, in build/fuzz/"
fi
printf '   %s: %s executions, nothing found, %s inputs kept\n' "$name" \
  "$executions" "$(find "$found" -type f | wc -l)"

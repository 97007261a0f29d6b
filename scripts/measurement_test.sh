#!/usr/bin/env bash
# Proves the comparison of two versions: this tree against itself, and against itself with a fifth more work planted, with the
# machine as it is and beside a program that keeps a processor busy.
#
#   scripts/measurement_test.sh [comparison/side...]
#
# Nothing may be SLOWER where nothing is planted, and each side with a plant must be. Where that is UNDECIDED it is compared
# once more with the nine rounds that such a verdict asks for, which have to decide.
# The load is stress-ng of Debian, installed where it may be.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/benchmarks_jar.sh
scripts/install_packages.sh stress-ng=stress-ng
plants=("$@")
[ $# -gt 0 ] || plants=(publish/none publish/idle-1000 submit/submit drain/bus receive/recv subscribe/100000)

load=
trap '[ -z "$load" ] || kill "$load"' EXIT
failed=0

# What the verdicts of a comparison are, a line each.
compare() {
    RON_BENCH_PLANT=${2:-} RON_BENCH_ONLY=${1%%/*} "$java" "${quiet[@]}" -jar "$jar" against target/classes || true
}

# Compares each side with itself, and with a fifth more.
prove() {
    local side output
    for side in "${plants[@]}"; do
        output=$(compare "$side")
        if grep -q 'verdict SLOWER' <<<"$output" || ! grep -q "operation $side," <<<"$output"; then
            printf '%s: a difference where there is none: %s\n%s\n' "$1" "$side" "$output"
            failed=1
        fi
        { grep "operation $side," <<<"$output" || true; } | sed "s/^/$1, nothing planted:/"
        output=$(compare "$side" "$side=1.2")
        if grep -q "operation $side,.*verdict UNDECIDED" <<<"$output"; then
            grep "operation $side," <<<"$output" | sed "s/^/$1, a fifth more, five rounds:/"
            output=$(ROUNDS=9 compare "$side" "$side=1.2")
        fi
        if ! grep -q "operation $side,.*verdict SLOWER" <<<"$output"; then
            printf '%s: a fifth more was not seen: %s\n%s\n' "$1" "$side" "$output"
            failed=1
        fi
        { grep "operation $side," <<<"$output" || true; } | sed "s/^/$1, a fifth more:/"
    done
}

prove "as it is"
stress-ng --cpu 1 --quiet &
load=$!
prove "beside a load"
[ "$failed" = 0 ] || exit 1
echo "A fifth more is seen in each of ${#plants[@]} operations, beside a load too, and nothing where there is nothing."

#!/usr/bin/env bash
# Proves the performance gate: makes each figure twice as slow, one after the other, and expects the gate to name it as
# missed, undecided not being enough; of a figure that is only reported on this machine, that it is reported as missed.
# Streams, contending publishers and the making of a bus are made three times as slow: on some processors they are so far
# below their limit that twice as slow they would still be.
# Then makes calls that must not grow do their work the square root of n times, and expects the benchmark of growth to fail.
#
#   scripts/perf_gate_test.sh [figure...]
#
# Without arguments all figures, else those that begin with one of them. The growth of a call is named growth/CALL.
set -euo pipefail
cd "$(dirname "$0")/.."

# What is planted, and the figure that must go red.
plants=(
    publish/none:publish
    publish/idle-8:publish-idle-8
    publish/idle-1000:publish-idle-1000
    publish/stuck:publish-stuck
    publish/metrics:publish-metrics
    publish/sampled:publish-sampled
    drain/bus:drain
    drain/bus:drain-disruptor
    publish/lossless-8:publish-lossless
    submit/submit:submit
    drain-lossless/lossless:drain-lossless
    drain-lossless/beside:drain-beside
    receive/recv:recv
    receive/tryRecv:try-recv
    receive/recvTimeout:recv-timeout
    stream=3:stream-1-1
    stream=3:stream-1-4
    stream=3:stream-4-4
    allocation-publish:allocation-publish
    allocation-submit:allocation-submit
    allocation-receive:allocation-receive
    memory:memory
    create/bus=3:create
    subscribe/100000:subscribe
    contended-2/bus=3:contended-2
    contended-4/bus=3:contended-4
    parked-flat:parked-flat-idle
    parked-flat:parked-flat-busy
    edge:edge
    parked-served:parked-served-1000
    parked-served:parked-served-10000
    parked-served:parked-served-100000
)

# Whether the first argument begins with one of the others, or there are none.
wanted() {
    local figure=$1 prefix
    shift
    [ $# -gt 0 ] || return 0
    for prefix in "$@"; do
        [[ $figure == "$prefix"* ]] && return 0
    done
    return 1
}

export ROUNDS=${ROUNDS:-3} MEASTIME=${MEASTIME:-0.4}
missed=()
seen=0
for entry in "${plants[@]}"; do
    plant=${entry%%:*} figure=${entry##*:}
    wanted "$figure" "$@" || continue
    seen=$((seen + 1))
    output=$(RON_BENCH_PLANT=$plant RON_BENCH_ONLY=$figure scripts/perf_gate.sh 2>&1) || true
    if grep -qE "figure $figure,.*verdict (reported, )?MISSED" <<<"$output"; then
        echo "red as it should be: $figure"
    elif grep -q "^perf gate: " <<<"$output"; then
        missed+=("$figure")
        printf 'not red: %s\n%s\n' "$figure" "$output"
    else
        printf 'did not run: %s\n%s\n' "$figure" "$output"
        exit 1
    fi
done
for call in publish recv tryRecv 'receivers()'; do
    wanted "growth/$call" "$@" || continue
    seen=$((seen + 1))
    output=$(RON_BENCH_PLANT=growth/$call RON_BENCH_ONLY=growth scripts/bench.sh quick 2>&1) && status=0 || status=$?
    if [ "$status" = 1 ] && grep -qF "FAULT: $call grows with the receivers" <<<"$output"; then
        echo "red as it should be: growth of $call"
    else
        missed+=("growth/$call")
        printf 'not red, exit %s: growth of %s\n%s\n' "$status" "$call" "$output"
    fi
done
if [ "$seen" = 0 ]; then
    echo "No figure begins with: $*"
    exit 1
fi
if [ ${#missed[@]} -gt 0 ]; then
    echo "A planted slowdown passed: ${missed[*]}"
    exit 1
fi
echo "The planted slowdown is seen in each of $seen figures."

#!/usr/bin/env bash
# Builds the bundle of a release twice from what is committed, each time in another folder, and compares every file of it
# byte for byte:
#
#   scripts/reproducible_check.sh [range...]    on the newest long-term JDK, and then on a JDK of each range
#
# Builds on one JDK, such as one of '[21,22)', are compared with each other: the compilers of two JDKs make different code
# of some classes. Ends with 1 and names the files that differ.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

unpack() { # the bundle of a build with the options behind its name
    local name=$1
    shift
    mkdir "$work/$name.files"
    python3 -c 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])' \
        "$(scripts/release_bundle.sh "$work/$name" "$@")" "$work/$name.files"
}

compare() { # two builds with the options behind the name of both
    local name=$1 differing
    shift
    unpack "$name, first" "$@"
    unpack "$name, second" "$@"
    differing=$(diff -rq "$work/$name, first.files" "$work/$name, second.files" || true)
    if [ -n "$differing" ]; then
        echo "not reproducible, $name:"
        echo "${differing//$work\//}"
        failed=1
    else
        echo "equal, $name: $(find "$work/$name, first.files" -type f | wc -l) files"
    fi
}

failed=0
compare "the newest"
for range in "$@"; do
    compare "$range" "-Djdk=$range"
done
exit "$failed"

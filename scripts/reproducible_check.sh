#!/usr/bin/env bash
# Builds the bundle of a release several times from what is committed, each time in another folder, and compares every
# file of it byte for byte:
#
#   scripts/reproducible_check.sh [range...]    twice on the newest long-term JDK, and once on a JDK of each range
#
# On another JDK, such as one of '[21,22)', all files have to be equal but the Javadoc, which is the work of that JDK's
# own tool. Ends with 1 and names the files that differ.
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

compare() { # the files of build $1 with those of the first; $2 is a pattern of names that may differ
    local differing
    differing=$(diff -rq "$work/first.files" "$work/$1.files" | grep -vE "${2:-^$}" || true)
    if [ -n "$differing" ]; then
        echo "not reproducible, $1:"
        echo "${differing//$work\//}"
        failed=1
    else
        echo "equal, $1: $(find "$work/$1.files" -type f | wc -l) files${2:+, but the Javadoc}"
    fi
}

failed=0
unpack first
unpack second
compare second
for range in "$@"; do
    unpack "jdk$range" "-Djdk=$range"
    compare "jdk$range" '-javadoc\.jar'
done
exit "$failed"

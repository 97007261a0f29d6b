#!/usr/bin/env bash
# Asks for each address outside the tree that a document or a pom names, and names those that are gone. Links within the
# tree are checked by every build.
#
#   scripts/links_check.sh
#
# Left out are addresses of this machine, and names that are reserved for examples. Ends with 1 if an address is gone, and
# with 77 if none answered, as without a network.
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -t addresses < <(git grep -hoE 'https?://[A-Za-z0-9._~:/?#@!$&*+=%-]+' -- '*.md' '*pom.xml' |
    sed -E 's/[.,:;]+$//' | grep -vE '^https?://(localhost|127\.0\.0\.1|[^/]*\.?example(\.org|\.com)?|[^/]*\.invalid)([:/]|$)' |
    grep -vE '^http://(maven\.apache\.org/POM|www\.w3\.org/)|/xsd/' | sort -u)
answered=0 gone=()
for address in "${addresses[@]}"; do
    # Some servers refuse to say what a page is without sending it.
    status=$(curl -sL -o /dev/null -w '%{http_code}' --max-time 30 --retry 2 "$address") || true
    echo "$status $address"
    [ "$status" = 000 ] || answered=$((answered + 1))
    [[ $status == 2* ]] || gone+=("$address")
done
if ((answered == 0)); then
    echo "none of ${#addresses[@]} addresses answered: is there a network?" >&2
    exit 77
fi
if ((${#gone[@]})); then
    printf 'gone: %s\n' "${gone[@]}" >&2
    exit 1
fi

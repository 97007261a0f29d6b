#!/usr/bin/env bash
# Looks for misspelt words in every text of the project, comments and names of tests included, with codespell, which it
# installs where it may. A word that is right and is taken for a wrong one goes into scripts/spelling_words.txt.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v codespell >/dev/null; then
    as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        as_root=(sudo -n)
    fi
    if ! command -v apt-get >/dev/null || ! "${as_root[@]}" true 2>/dev/null; then
        echo "codespell is not on the PATH; install Debian's codespell" >&2
        exit 1
    fi
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends codespell >/dev/null
fi

# Identifiers with a capital inside are names of others, or are made of words that are looked at elsewhere.
git ls-files -z -- '*.md' '*.java' '*.kt' '*.sh' '*.xml' '*.yml' '*.html' '*.pml' '*.txt' '.ci/run' \
    | xargs -0 codespell --ignore-words scripts/spelling_words.txt --ignore-regex '\b\w*[a-z][A-Z]\w*\b'
echo "spelling: $(git ls-files | wc -l) files looked through"

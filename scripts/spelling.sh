#!/usr/bin/env bash
# Looks for misspelt words in every text of the project, comments and names of tests included, with codespell, which it
# installs where it may. A word that is right and is taken for a wrong one goes into scripts/spelling_words.txt.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install_packages.sh codespell=codespell

# Identifiers with a capital inside are names of others, or are made of words that are looked at elsewhere.
git ls-files -z -- '*.md' '*.java' '*.kt' '*.sh' '*.xml' '*.yml' '*.html' '*.pml' '*.txt' '.ci/run' \
    | xargs -0 codespell --ignore-words scripts/spelling_words.txt --ignore-regex '\b\w*[a-z][A-Z]\w*\b'
echo "spelling: $(git ls-files | wc -l) files looked through"

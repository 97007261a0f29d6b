#!/usr/bin/env bash
# Parses every Mermaid diagram of the documents with Mermaid itself, which npm installs into target/mermaid. A diagram that
# it refuses would be shown as an error in place of a picture.
#
#   scripts/diagrams_check.sh [FILE...]    all Markdown files of the project, or those named
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)

files=("$@")
if [ ${#files[@]} -eq 0 ]; then
    mapfile -t files < <(git -C "$root" ls-files -- '*.md')
    files=("${files[@]/#/$root/}")
else
    mapfile -t files < <(realpath "${files[@]}")
fi
mkdir -p "$root/target/mermaid"
cd "$root/target/mermaid"
# Of the packages that come with them npm takes the newest that fit.
npm install --no-save --no-audit --no-fund --ignore-scripts --loglevel=error mermaid@11.6.0 jsdom@26.1.0 >/dev/null
node "$root/scripts/diagrams_check.mjs" "${files[@]}"

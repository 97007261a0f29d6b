#!/usr/bin/env bash
# Tells GitHub what the published artifacts depend on, directly and through others, from the bills of materials that the
# release profile has made: its alerts then name a vulnerable dependency of a dependency too.
#
#   mvn -f build -Prelease -Dmaven.test.skip=true integration-test
#   scripts/submit_dependencies.sh [--post]
#
# Prints what is to be sent; with --post it is sent, by gh, to the repository and commit that a workflow is for
# (GITHUB_REPOSITORY, GITHUB_SHA, GITHUB_REF, GITHUB_RUN_ID).
# What it consists of is in GitHub's documentation of its REST API, under dependency submission.
set -euo pipefail
cd "$(dirname "$0")/.."

boms=()
for module in . sse nats console spring; do
    for bom in "$module"/target/*-cyclonedx.json; do
        [ -f "$bom" ] || { echo "submit_dependencies.sh: no bill of materials in $module/target" >&2; exit 2; }
        boms+=("$bom")
    done
done

snapshot=$(jq -n \
    --arg sha "${GITHUB_SHA:-$(git rev-parse HEAD)}" --arg ref "${GITHUB_REF:-refs/heads/main}" \
    --arg run "${GITHUB_RUN_ID:-0}" --arg url "${GITHUB_SERVER_URL:-https://server.example}/${GITHUB_REPOSITORY:-owner/name}" \
    --arg time "$(date -u +%Y-%m-%dT%H:%M:%SZ)" '
    def plain: sub("\\?.*$"; "");
    {
        version: 0, sha: $sha, ref: $ref, scanned: $time,
        job: {id: $run, correlator: "dependencies"},
        detector: {name: "ron-bus submit_dependencies.sh", version: "1", url: $url},
        manifests: [inputs
            | . as $bom
            | (input_filename | sub("^\\./"; "") | sub("target/.*$"; "pom.xml")) as $pom
            | (reduce $bom.dependencies[] as $of ({}; .[$of.ref] = ($of.dependsOn // []))) as $next
            | $next[$bom.metadata.component["bom-ref"]] as $direct
            | {key: $pom, value: {
                name: $pom,
                file: {source_location: $pom},
                resolved: [$bom.components[]
                    | .["bom-ref"] as $it
                    | {key: ($it | plain), value: {
                        package_url: (.purl | plain),
                        relationship: (if any($direct[]; . == $it) then "direct" else "indirect" end),
                        scope: "runtime",
                        dependencies: [$next[$it][]? | plain]}}] | from_entries}}] | from_entries
    }' "${boms[@]}")

if [ "${1:-}" = --post ]; then
    gh api --method POST "repos/$GITHUB_REPOSITORY/dependency-graph/snapshots" --input - <<<"$snapshot"
else
    echo "$snapshot"
fi

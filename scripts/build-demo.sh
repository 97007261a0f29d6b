# Sourced by the scripts beside it, at the project's root: builds the library, its console and the demo if a source is newer than
# the last build, with Maven heard only if it fails, and sets MODULES to the module path.

MODULES=demo/target/modules:demo/target/ron-bus-demo.jar

build_demo() {
    local built=demo/target/built log
    if [ -f "$built" ] && [ -z "$(find src/main {sse,console,demo}/{src/main,pom.xml} pom.xml build/pom.xml RUNBOOK.md -newer "$built" -print -quit)" ]; then
        return
    fi
    if ! command -v mvn >/dev/null; then
        echo "Maven is not on the path: install Maven 3.8.7 or newer." >&2
        exit 3
    fi
    echo "Building the library and the demo ..." >&2
    log=$(mktemp)
    if ! mvn -B -ntp -f build -pl ../demo -am -Dmaven.test.skip=true package >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        echo "The demo could not be built." >&2
        exit 3
    fi
    rm -f "$log"
    touch "$built"
}

build_demo

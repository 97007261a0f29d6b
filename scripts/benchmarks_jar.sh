# Sourced: builds the benchmarks unless they are newer than their sources; sets java, of the JDK the build selected, and jar.
jar=jmh/target/benchmarks.jar
if [ ! -f "$jar" ] || [ -n "$(find pom.xml build src/main jmh/pom.xml jmh/src -newer "$jar" -type f -print -quit)" ]; then
    echo "Building $jar"
    mvn -B -ntp -q -f build -pl ../jmh -am package -DskipTests
fi
java=$(cat jmh/target/java-home)/bin/java

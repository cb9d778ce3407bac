# SPDX-License-Identifier: Apache-2.0
# Sourced by the scripts beside it: finds a JDK 25 or newer, builds what is missing or older than its sources, fetches PerfTest.
BENCH_HOME=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PROJECT=$(dirname "$BENCH_HOME")

die() { echo "$*" >&2; exit 1; }

is_jdk_25() { # is_jdk_25 HOME
  [ -x "$1/bin/javac" ] && [ "$("$1/bin/javac" -version 2>&1 | sed 's/^javac \([0-9]*\).*/\1/')" -ge 25 ]
}

find_jdk() {
  local home
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/*; do
    if [ -n "$home" ] && is_jdk_25 "$home"; then JDK=$home; return; fi
  done
  die "no JDK 25 or newer found: set JAVA_HOME"
}

# The libraries are copied last, so their folder tells when the build was.
build() {
  local libs=$BENCH_HOME/target/libs
  if [ -d "$libs" ] && [ -z "$(find "$PROJECT"/{log,broker,amqp,bench}/{pom.xml,src/main} -newer "$libs" -print -quit)" ]; then return; fi
  echo "building bench" >&2
  mvn -q -B -f "$PROJECT/pom.xml" -pl bench -am package -DskipTests -Dspotless.check.skip=true >&2 || die "the build failed"
  touch "$libs"
}

fetch_perftest() {
  if [ ! -d "$PERFTEST_LIBS" ]; then
    mvn -q -B -f "$BENCH_HOME/perftest/pom.xml" dependency:copy-dependencies >&2 || die "PerfTest could not be fetched"
  fi
}

find_jdk
PERFTEST_LIBS=${PERFTEST_LIBS:-$BENCH_HOME/target/perftest}
CLASS_PATH=$BENCH_HOME/target/classes:$BENCH_HOME/target/libs/*
JVM=(-Xmx512m -Dorg.slf4j.simpleLogger.defaultLogLevel=error --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)

# Brokers and load tools inherit the limit. No more than that: Erlang allocates a table as large as the limit.
ulimit -n 20000 2>/dev/null || true

run_bench() { # run_bench COMMAND ARGS...
  build
  fetch_perftest
  exec "$JDK/bin/java" "${JVM[@]}" -Dbench.home="$BENCH_HOME" -Dbench.perftest="$PERFTEST_LIBS" -cp "$CLASS_PATH" io.relais.bench.Main "$@"
}

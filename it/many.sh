#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# many.sh: 2,000 connections, 10,000 queues, 100,000 bindings on a Relais of its own; prints times and memory. Takes a minute or two.
# many.sh HOST:PORT [PID]: the same on a broker that runs.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/it/lib.sh"
ulimit -n 8192
(cd "$root" && mvn -q -B test-compile dependency:build-classpath -pl it -am -Dspotless.check.skip=true \
  -DincludeScope=test -Dmdep.outputFile="$root/it/target/many.classpath")
if [ $# -eq 0 ]; then
  data=$(mktemp -d)
  trap 'stop_relais; rm -rf "$data"' EXIT
  start_relais "$data"
  set -- "$relais_address" "$relais_pid"
fi
"$(find_java)" -Xmx1g -cp "$root/it/target/test-classes:$(cat "$root/it/target/many.classpath")" io.relais.it.load.ManyOfEverything "$@"

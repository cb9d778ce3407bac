#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# kafka-java.sh NAME HOST:PORT: runs it/clients/NAME/Check.java with the libraries of the pom beside it. Needs Maven once. Ends with 1 if a behaviour fails.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/lib.sh"
client=$here/clients/$1
cp=$client/target/classpath
[ -e "$cp" ] || mvn -q -B -f "$client/pom.xml" dependency:build-classpath -Dmdep.outputFile="$cp" >&2
exec "$(find_java)" -Xmx256m -XX:+UseSerialGC -cp "$(cat "$cp")" "$client/Check.java" "$2"

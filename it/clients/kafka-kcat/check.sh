#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Behaviours that scripts with kcat rely on. Usage: check.sh HOST:PORT. Ends with 1 if one fails.
set -uo pipefail
bootstrap=$1
run=$(od -An -N6 -tx1 /dev/urandom | tr -d ' ')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

kcat_() { timeout 20 kcat -b "$bootstrap" -q "$@"; }

# same NAME EXPECTED ACTUAL
same() {
  if [ "$2" = "$3" ]; then
    passed=$((passed + 1))
    echo "ok      kcat: $1"
  else
    failed=$((failed + 1))
    printf 'FAILED  kcat: %s\n  expected: %s\n  got:      %s\n' "$1" "$2" "$3"
  fi
}

topic=kcat-$run
printf 'one\ntwo\nthree\n' | kcat_ -P -t "$topic" -p 0
same "lines go in and come out" $'one\ntwo\nthree' "$(kcat_ -C -t "$topic" -o beginning -e)"
same "the last message" three "$(kcat_ -C -t "$topic" -p 0 -o -1 -e)"
same "from an offset, so many" two "$(kcat_ -C -t "$topic" -p 0 -o 1 -c 1)"
same "a topic is listed" 1 "$(timeout 20 kcat -b "$bootstrap" -L -t "$topic" | grep -c "topic \"$topic\" with 1 partitions")"

printf 'k1:v1\nk2:v2\n' | kcat_ -P -t "$topic-keys" -K: -H colour=blue -p 0
same "keys, headers and offsets" $'k1=v1 colour=blue @0\nk2=v2 colour=blue @1' "$(kcat_ -C -t "$topic-keys" -o beginning -e -f '%k=%s %h @%o\n')"

for codec in gzip snappy lz4 zstd; do
  printf 'compressed\n' | kcat_ -P -t "$topic-$codec" -z "$codec" -p 0
  same "compressed by $codec" compressed "$(kcat_ -C -t "$topic-$codec" -o beginning -e)"
done

same "a group gets all and commits" $'one\ntwo\nthree' "$(timeout 20 kcat -b "$bootstrap" -q -G "group-$run" -X auto.offset.reset=earliest -c 3 "$topic")"
printf 'four\n' | kcat_ -P -t "$topic" -p 0
same "the group goes on" four "$(timeout 20 kcat -b "$bootstrap" -q -G "group-$run" -X auto.offset.reset=earliest -c 1 "$topic")"

head -c 300000 /dev/urandom | base64 -w 0 > "$work/large"
kcat_ -P -t "$topic-large" -p 0 "$work/large"
kcat_ -C -t "$topic-large" -o beginning -e -f %s > "$work/large.out"
same "a large message" "$(cksum < "$work/large")" "$(cksum < "$work/large.out")"

printf 'tx\n' | kcat_ -P -t "$topic-idempotent" -p 0 -X enable.idempotence=true
same "an idempotent producer" tx "$(kcat_ -C -t "$topic-idempotent" -o beginning -e -X isolation.level=read_committed)"
same "an offset for a time" "$topic [0] offset 0" "$(timeout 20 kcat -b "$bootstrap" -Q -t "$topic:0:1")"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

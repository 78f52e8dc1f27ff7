#!/bin/sh
# A sweep by GNU parallel: so many shards at once, on this machine or on those of --sshloginfile.
#
#   deploy/sweep/parallel.sh sizes.json scores 8
#
# What was finished stays; the same command goes on after any end.
set -eu
[ $# = 3 ] || { echo "usage: $0 SWEEP SCORES SHARDS" >&2; exit 64; }
sweep=$1 scores=$2 shards=$3
seq "$shards" | parallel --halt now,fail=1 \
    bailiff sweep "$sweep" --scores "$scores" --jobs 1 --shard "{}/$shards"
exec bailiff sweep merge "$sweep" --scores "$scores"

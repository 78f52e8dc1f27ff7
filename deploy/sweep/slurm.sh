#!/bin/sh
# A sweep as a Slurm array: each task runs one shard, all keep their scores in one shared folder.
#
#   sbatch --array=1-16 deploy/sweep/slurm.sh sizes.json /shared/scores
#   bailiff sweep merge sizes.json --scores /shared/scores
#
# A task that is requeued goes on where it was killed. All nodes need the same program file: a build
# of its own finds no other build's scores.
#SBATCH --job-name=bailiff-sweep
#SBATCH --cpus-per-task=2
#SBATCH --requeue
set -eu
[ $# = 2 ] || { echo "usage: sbatch --array=1-N $0 SWEEP SCORES" >&2; exit 64; }
exec bailiff sweep "$1" --scores "$2" --jobs "${SLURM_CPUS_PER_TASK:-1}" \
    --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT"

#!/bin/sh
# Tries, in the container that the checks run in, what has to be refused there: the network, keys of
# the machine, and a way back into the work tree. CHECKS_IMAGE is the image, CHECKS_RUN how it is
# started; both as in the configuration of your checks server.
# 0: all of it was refused. 1: something was not. 2: nothing could be tried.
set -u

CHECKS_RUN=${CHECKS_RUN:-docker run --rm --network none --read-only --tmpfs /tmp}

# CHECKS_RUN is a command with its arguments, so it is split on purpose.
inside() { $CHECKS_RUN "$CHECKS_IMAGE" sh -c "$1" >/dev/null 2>&1; }

inside 'command -v env && command -v grep && command -v ls && command -v tail && command -v touch' ||
    { echo "the container does not start or lacks a program, so nothing is shown" >&2; exit 2; }

for attempt in \
    'tail -n +2 /proc/net/route | grep .' \
    'ls -A "$HOME/.ssh" | grep .' \
    'env | grep -E "TOKEN|SECRET|PASSWORD"' \
    'touch /repo/written-by-a-check'
do
    if inside "$attempt"; then
        echo "not refused: $attempt" >&2
        exit 1
    fi
done

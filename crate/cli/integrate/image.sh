#!/bin/sh
# Looks into a container image before it is pushed: image.sh IMAGE [OPTION...]. Options are those of `davy scan`.
set -eu
image=$1
shift
archive=$(mktemp)
trap 'rm -f "$archive"' EXIT
"${CONTAINER_TOOL:-docker}" save --output "$archive" "$image"
davy scan --no-progress "$@" -- "$archive"

#!/usr/bin/env bash
# The check of action.yml: installs the package, prints what `elfdeps check` says, and writes it as SARIF.
# Takes ELFDEPS_PACKAGE, ELFDEPS_FILES, ELFDEPS_ROOT, ELFDEPS_OPTIONS and ELFDEPS_SARIF, lists with one item a
# line. Writes `sarif` and `exit-code` to GITHUB_OUTPUT, and succeeds if the check fails: the findings are
# to be uploaded first.
set -euo pipefail

prefix=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/elfdeps.XXXXXX")
npm install -g --prefix "$prefix" --no-audit --no-fund --loglevel=error "$(realpath "$ELFDEPS_PACKAGE")"

arguments=()
[ -z "$ELFDEPS_ROOT" ] || arguments+=(--root "$ELFDEPS_ROOT")
while IFS= read -r item; do
  [ -z "$item" ] || arguments+=("$item")
done <<<"$ELFDEPS_OPTIONS"
# A file may begin with a hyphen.
arguments+=(--)
while IFS= read -r item; do
  [ -z "$item" ] || arguments+=("$item")
done <<<"$ELFDEPS_FILES"

exit_code=0
"$prefix/bin/elfdeps" check "${arguments[@]}" || exit_code=$?
sarif=$ELFDEPS_SARIF
rm -f -- "$sarif"
"$prefix/bin/elfdeps" check --format sarif --output "$sarif" "${arguments[@]}" 2>/dev/null || true
[ -e "$sarif" ] || sarif=
printf '%s\n' "sarif=$sarif" "exit-code=$exit_code" >>"$GITHUB_OUTPUT"

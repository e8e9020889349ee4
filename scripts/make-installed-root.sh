#!/bin/sh
# make-installed-root.sh DIR SUITE PACKAGE...
# A root file system in DIR in which packages are installed as a user would install them: debootstrap
# makes the base, apt installs inside it, and maintainer scripts make users, links and configuration
# (make-debian-root.sh only unpacks). The archive is the one that this machine's own apt uses. No
# service is started. Needs Debian's archive and keyring, debootstrap, root, and the network.
# Idempotent: packages that are installed already are not asked for again.
set -eu
directory=$1 suite=$2
shift 2
mkdir -p "$directory"
# Two tests may want the same root at once.
exec 9> "$directory.lock"
flock 9
[ "$(cat "$directory.done" 2>/dev/null)" = "$*" ] && exit 0
directory=$(realpath "$directory")

mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -E '/debian/?$' | head -n 1)
[ -n "$mirror" ] || { echo "make-installed-root.sh: apt has no Debian archive (apt-get update first)" >&2; exit 1; }
log=$directory.log
try() {
  "$@" >> "$log" 2>&1 9>&- || { tail -n 20 "$log" >&2; exit 1; }
}
: > "$log"
[ -e "$directory/etc/debian_version" ] || try debootstrap --variant=minbase "$suite" "$directory" "$mirror"
cp /etc/resolv.conf "$directory/etc/resolv.conf"
printf '#!/bin/sh\nexit 101\n' > "$directory/usr/sbin/policy-rc.d"
chmod 755 "$directory/usr/sbin/policy-rc.d"
# In a mount namespace of its own, so that /proc goes away with it.
try unshare --mount sh -ec '
  mount -t proc proc "$1/proc"
  directory=$1
  shift
  export DEBIAN_FRONTEND=noninteractive LC_ALL=C
  chroot "$directory" apt-get -q update
  exec chroot "$directory" apt-get -q -y --no-install-recommends -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-unsafe-io install "$@"
' sh "$directory" "$@"
chroot "$directory" apt-get -q clean
rm -f "$directory/usr/sbin/policy-rc.d"
printf '%s' "$*" > "$directory.done"

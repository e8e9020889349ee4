#!/bin/sh
# make-debian-root.sh DIR SUITE ARCH PACKAGE...
# A root file system out of Debian packages for any architecture, in DIR: apt resolves the packages
# and what they depend on, dpkg-deb unpacks them, no maintainer script runs. The archive is the one
# that this machine's own apt uses. Then the root's ldconfig makes its cache, by qemu-user where the
# CPU is foreign. Needs Debian or Ubuntu with Debian's archive, root, and the network; idempotent.
set -eu
directory=$1 suite=$2 arch=$3
shift 3
mkdir -p "$directory"
# Two tests may want the same root at once.
exec 9> "$directory.lock"
flock 9
[ -e "$directory.done" ] && exit 0
directory=$(realpath "$directory")
state=$directory.apt

mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -E '/debian/?$' | head -n 1)
[ -n "$mirror" ] || { echo "make-debian-root.sh: apt has no Debian archive (apt-get update first)" >&2; exit 1; }
mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
: > "$state/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" > "$state/sources.list"

apt() {
  apt-get -qq -o Dir::Etc::sourcelist="$state/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::State::lists="$state/lists" -o Dir::State::status="$state/status" \
    -o Dir::State::extended_states="$state/extended" -o Dir::Cache="$state/cache" \
    -o Dir::Cache::archives="$state/cache/archives" -o APT::Architecture="$arch" \
    -o APT::Architectures::="$arch" -o APT::Install-Recommends=false -o Debug::NoLocking=1 \
    -o APT::Sandbox::User=root -o Acquire::Languages=none -o APT::Default-Release= "$@"
}
apt update
apt -y --download-only install "$@" > "$state/log" 2>&1 || { tail -n 20 "$state/log" >&2; exit 1; }

# Merged /usr, as Debian has it: the packages bring only what is below it.
for name in bin sbin lib lib64; do
  mkdir -p "$directory/usr/$name"
  [ -e "$directory/$name" ] || ln -s "usr/$name" "$directory/$name"
done
mkdir -p "$directory/etc" "$directory/var/cache/ldconfig" "$directory/proc"
for package in "$state"/cache/archives/*.deb; do
  dpkg-deb --fsys-tarfile "$package" |
    tar -x -C "$directory" --keep-directory-symlink --exclude=./usr/share
done
[ -e "$directory/etc/ld.so.conf" ] || echo 'include /etc/ld.so.conf.d/*.conf' > "$directory/etc/ld.so.conf"

# qemu-user's name for the CPU; none where this machine runs it itself.
case $arch in
  "$(dpkg --print-architecture)") emulator= ;;
  amd64) emulator=x86_64 ;; arm64) emulator=aarch64 ;; armhf | armel) emulator=arm ;;
  ppc64el) emulator=ppc64le ;; *) emulator=$arch ;;
esac
if [ -n "$emulator" ]; then
  cp "/usr/bin/qemu-$emulator-static" "$directory/.qemu"
  chroot "$directory" /.qemu /sbin/ldconfig
else
  chroot "$directory" /sbin/ldconfig
fi
rm -rf "$state"
touch "$directory.done"

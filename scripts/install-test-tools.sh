#!/usr/bin/env bash
# Installs what the differential tests and the benchmark compare against, on Debian and Ubuntu.
# Asks apt only when a command is missing. Needs root, or sudo without a password.
set -euo pipefail

# The commands that tests look for, and the packages that have them.
declare -A packages=(
  [ar]=binutils [readelf]=binutils [c++filt]=binutils [gcc]=gcc [git]=git [python3]=python3 [tar]=tar
  [musl-gcc]=musl-tools [patchelf]=patchelf [buildah]=buildah [strace]=strace
  [skopeo]=skopeo [umoci]=umoci [mount]=mount [mkfs.btrfs]=btrfs-progs [filefrag]=e2fsprogs [debootstrap]=debootstrap [ip]=iproute2
  [dpkg-source]=dpkg-dev [pacman]=pacman-package-manager [rpmbuild]=rpm
  [setcap]=libcap2-bin [setpriv]=util-linux [script]=bsdutils
  [redis-server]=redis-server [nginx]=nginx [php]=php-cli [ruby]=ruby [nano]=nano [lua5.4]=lua5.4
  [ffmpeg]=ffmpeg [sqlite3]=sqlite3 [gpg]=gpg [ssh]=openssh-client [vim]=vim [perl]=perl [jq]=jq
  [java]=default-jre-headless [curl]=curl [openssl]=openssl [xz]=xz-utils [zstd]=zstd [awk]=mawk
  [lddtree]=pax-utils [libtree]=libtree [unshare]=util-linux [dot]=graphviz [qemu-s390x-static]=qemu-user-static
  [chromium]=chromium [zsh]=zsh [fish]=fish [man]=man-db [mandoc]=mandoc
)
missing=()
for command in "${!packages[@]}"; do
  command -v "$command" >/dev/null || missing+=("${packages[$command]}")
done
# Headers have no command.
[ -e /usr/include/stdio.h ] || missing+=(libc6-dev)
# Nor have files that programs open at run time; newer releases keep some in packages of their own.
[ -e /usr/share/zoneinfo/Europe/Paris ] || missing+=(tzdata)
[ -e /lib/terminfo/x/xterm ] || missing+=(ncurses-base)
if libraries=/usr/lib/x86_64-linux-gnu && [ -e $libraries/libc.so.6 ]; then
  [ -e $libraries/gconv/ISO8859-15.so ] || missing+=(libc-gconv-modules-extra)
  [ -e $libraries/ossl-modules/legacy.so ] || missing+=(openssl-provider-legacy)
fi
as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo -n)

# Of mermaid only what a page loads: with its dependencies it would be 150 MB of node_modules.
mermaid=11.17.2
place=/usr/local/share/elfdeps-tests/mermaid-$mermaid.min.js
if [ ! -e $place ]; then
  echo "installing mermaid $mermaid"
  directory=$(mktemp -d)
  (cd "$directory" && npm pack --silent mermaid@$mermaid && tar -xzf mermaid-$mermaid.tgz) >/dev/null
  "${as_root[@]}" install -D -m 644 "$directory"/package/dist/mermaid.min.js $place
  rm -rf "$directory"
fi

# The run times that the package is tried on, as npm packages: Node.js 20, 22, 24, 26, Bun and Deno.
run_times=${ELFDEPS_RUN_TIMES:-$HOME/.cache/elfdeps-run-times}
install_run_times() {
  local machine
  case $(uname -m) in
    x86_64) machine=x64 ;;
    aarch64) machine=arm64 ;;
    *) echo "no run times for $(uname -m) here" >&2; return 0 ;;
  esac
  mkdir -p "$run_times"
  # Nothing to install if all are there; npm would ask the registry.
  (cd "$run_times/node_modules/.bin" 2>/dev/null && ls node20 node22 node24 node26 bun deno >/dev/null 2>&1) && return
  local packages=(bun@1 deno@2)
  for release in 20 22 24 26; do packages+=("node$release@npm:node-linux-$machine@$release"); done
  echo '{ "private": true }' >"$run_times/package.json"
  npm install --prefix "$run_times" --no-audit --no-fund --loglevel=error "${packages[@]}" </dev/null
  # All four packages have a command named node.
  for release in 20 22 24 26; do
    ln -sf "../node$release/bin/node" "$run_times/node_modules/.bin/node$release"
  done
}
install_run_times

if [ ${#missing[@]} -eq 0 ]; then
  echo 'every tool is here'
  exit 0
fi

apt() {
  # In run level 1 no service is started that a package has.
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
    apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" </dev/null >/dev/null
}
apt update
# Not every release has every tool, and the tests that need one say so themselves.
available=()
for package in $(printf '%s\n' "${missing[@]}" | sort -u); do
  if apt-cache show "$package" >/dev/null 2>&1; then
    available+=("$package")
  else
    echo "no package $package here" >&2
  fi
done
echo "installing ${available[*]}"
apt install -y --no-install-recommends "${available[@]}"

# What every job's script may use. It runs in namespaces of its own, where a loopback interface is the
# only network: mounts and processes end with it. $lower is the tree or root, which stays as it is,
# $whole the whole root, $place an empty directory of the host. $trace, where it is set, is a
# directory for logs of strace. Programs inside see $T as /.
set -u
exec < /dev/null
mount --make-rprivate /
ip link set lo up
search=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# lay LOWER DIR: LOWER at DIR/root, writable, with what container runtimes mount.
lay() {
  mkdir -p "$2"
  mount -t tmpfs tmpfs "$2"
  mkdir "$2/upper" "$2/work" "$2/root"
  mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$2/root"
  mkdir -p "$2/root/proc" "$2/root/sys" "$2/root/dev" "$2/root/tmp"
  chmod 1777 "$2/root/tmp"
  mount -t proc proc "$2/root/proc"
  mount -t tmpfs -o mode=755 tmpfs "$2/root/dev"
  local node
  for node in null zero full random urandom tty; do
    : > "$2/root/dev/$node"
    mount --bind "/dev/$node" "$2/root/dev/$node"
  done
  mkdir -m 1777 "$2/root/dev/shm"
  mkdir "$2/root/dev/pts"
  mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$2/root/dev/pts"
  ln -s pts/ptmx "$2/root/dev/ptmx"
  ln -s /proc/self/fd "$2/root/dev/fd"
  for node in 0:stdin 1:stdout 2:stderr; do ln -s "fd/${node%:*}" "$2/root/dev/${node#*:}"; done
}
lay "$lower" "$place/tree"
T=$place/tree/root
log=$place/tree/log
: > "$log"
trap '[ -s "$log" ] && tail -n 20 "$log" >&2' EXIT

# run PROGRAM WORD...: in the tree. VARS='A=b C=d' sets variables, AS=UID:GID the user.
run() {
  local words=(env -i "PATH=$search" HOME=/root ${VARS:-} chroot ${AS:+"--userspec=$AS"} "$T" "$@")
  if [ -n "$trace" ]; then
    words=(strace -D -f -y -qq -s 4096 -e trace=open,openat,openat2,execve -o "$trace/$BASHPID.$RANDOM" "${words[@]}")
  fi
  "${words[@]}"
}

# boot PROGRAM WORD...: what an init system does before it starts a service. In the whole root only: of
# the tree, the image must have it.
boot() {
  [ "$lower" != "$whole" ] || chroot "$T" "$@"
}

# serve PORT PROGRAM WORD...: the same in the background, until PORT answers (- for none). Where the
# program has ended, it may have left a daemon, which is given two seconds.
serve() {
  local port=$1 left=200 server
  shift
  run "$@" < /dev/null >> "$log" 2>&1 &
  server=$!
  [ "$port" = - ] && return
  while [ $left -gt 0 ]; do
    (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null && return
    sleep 0.1
    left=$((left - 1))
    kill -0 $server 2> /dev/null || [ $left -lt 20 ] || left=20
  done
  echo "no answer on port $port"
  return 1
}

# until_there PATH: waits for a file of the tree that a server makes.
until_there() {
  local try
  for try in $(seq 200); do
    [ -e "$T$1" ] && return
    sleep 0.1
  done
  echo "no $1"
  return 1
}

# aside PROGRAM WORD...: in the whole root, at $W, on the same network: clients of what the tree serves.
W=$place/whole/root
aside() {
  [ -d "$W" ] || lay "$whole" "$place/whole"
  env -i "PATH=$search" HOME=/root chroot "$W" "$@"
}

# share DIRECTORY: the whole root sees that of the tree.
share() {
  [ -d "$W" ] || lay "$whole" "$place/whole"
  mkdir -p "$T$1" "$W$1"
  mount --bind "$T$1" "$W$1"
}

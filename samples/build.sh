#!/bin/sh
# Rebuilds every binary below samples/ from its C source, then expected.json with facts.sh.
# Made for Debian 12 on x86-64. The same compilers give the same bytes, wherever the clone is.
set -eu

# Debian packages: the C compiler, musl, a cross compiler with its C library for each other CPU.
packages='gcc libc6-dev binutils musl musl-dev musl-tools
  gcc-aarch64-linux-gnu     libc6-dev-arm64-cross
  gcc-arm-linux-gnueabihf   libc6-dev-armhf-cross
  gcc-i686-linux-gnu        libc6-dev-i386-cross
  gcc-x86-64-linux-gnux32   libc6-dev-x32-cross
  gcc-riscv64-linux-gnu     libc6-dev-riscv64-cross
  gcc-powerpc64le-linux-gnu libc6-dev-ppc64el-cross
  gcc-s390x-linux-gnu       libc6-dev-s390x-cross
  gcc-mips-linux-gnu        libc6-dev-mips-cross
  gcc-powerpc-linux-gnu     libc6-dev-powerpc-cross'

# `sh samples/build.sh --packages` prints them, to give to apt-get install.
if [ "${1-}" = --packages ]; then
  printf '%s\n' $packages
  exit
fi

# Relative names only from here on, and no translated messages.
cd "$(dirname "$0")"
LC_ALL=C
export LC_ALL
umask 022

# Nothing of this machine in the output: no debug information, no build id, relative names.
compile="-Os -g0 -fno-ident -Wl,--build-id=none"

# Files stay small: one page size for every CPU, code and data may share a page of the file.
small='-Wl,-z,max-page-size=4096,-z,common-page-size=4096,-z,noseparate-code'

# Where Debian's musl-dev has the start files that musl-gcc does not know by itself.
musl=/usr/lib/x86_64-linux-musl

# stripped STRIP FILE: no symbols, no compiler's name, and a mode that does not depend on the umask.
stripped() {
  "$1" --strip-all --remove-section=.comment "$2"
  chmod 755 "$2"
}

# hello: what `gcc hello.c` gives on Debian: a position-independent executable for glibc.
gcc $compile -o hello/hello hello/hello.c
stripped strip hello/hello

# hello-musl: the same for musl, whose loader is /lib/ld-musl-x86_64.so.1.
musl-gcc $compile $small -o hello/hello-musl hello/hello.c
stripped strip hello/hello-musl

# hello-static: no interpreter, no dynamic section, at a fixed address; musl's libc.a is in it.
musl-gcc $compile $small -static -no-pie -o hello/hello-static hello/hello.c
stripped strip hello/hello-static

# hello-static-pie: a dynamic section without needs; rcrt1.o relocates the program at its start.
musl-gcc $compile $small -static -fPIE -nostartfiles -Wl,-pie,--no-dynamic-linker,-z,text \
  -o hello/hello-static-pie $musl/rcrt1.o $musl/crti.o hello/hello.c $musl/crtn.o
stripped strip hello/hello-static-pie

# cpus: hello.c for glibc on other CPUs. Name of the file, prefix of the compiler.
while read -r name prefix; do
  "$prefix-gcc" $compile $small -o "cpus/hello-$name" hello/hello.c
  stripped "$prefix-strip" "cpus/hello-$name"
done <<'LIST'
aarch64 aarch64-linux-gnu
armhf   arm-linux-gnueabihf
i386    i686-linux-gnu
mips    mips-linux-gnu
powerpc powerpc-linux-gnu
ppc64le powerpc64le-linux-gnu
riscv64 riscv64-linux-gnu
s390x   s390x-linux-gnu
x32     x86_64-linux-gnux32
LIST

# sysroot: a whole root file system of regular files, made anew.
rm -rf sysroot
mkdir -p sysroot/etc sysroot/lib sysroot/opt/words/lib sysroot/usr/bin sysroot/usr/lib

# The loader, which is musl's libc too, as Debian built it, and the licence that came with it.
cp /lib/ld-musl-x86_64.so.1 sysroot/lib/ld-musl-x86_64.so.1
chmod 755 sysroot/lib/ld-musl-x86_64.so.1
cp /usr/share/doc/musl/copyright sysroot/COPYRIGHT-musl
chmod 644 sysroot/COPYRIGHT-musl

# musl's search path: the three usual directories, and one of our own.
printf '%s\n' /lib /usr/local/lib /usr/lib /opt/words/lib > sysroot/etc/ld-musl-x86_64.path

# libwords.so.1: needs only libc.
words=sysroot/opt/words/lib/libwords.so.1
musl-gcc $compile $small -fPIC -shared -Wl,-soname,libwords.so.1 -o $words greet/libwords.c
stripped strip $words

# libgreet.so.1: needs libwords.so.1 and does not say where it is.
greet=sysroot/usr/lib/libgreet.so.1
musl-gcc $compile $small -fPIC -shared -Wl,-soname,libgreet.so.1 -o $greet greet/libgreet.c $words
stripped strip $greet

# greet: needs libgreet.so.1, RUNPATH $ORIGIN/../lib. The rpath-link is for ld, not in the file.
musl-gcc $compile $small -Wl,--enable-new-dtags,-rpath,'$ORIGIN/../lib' \
  -Wl,-rpath-link,sysroot/opt/words/lib -o sysroot/usr/bin/greet greet/greet.c $greet
stripped strip sysroot/usr/bin/greet

# The facts that test/samples.test.ts expects, told by readelf.
sh facts.sh > expected.json

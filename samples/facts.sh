#!/bin/sh
# Prints expected.json: what GNU readelf says of every ELF file below samples/, in elfdeps' words.
# Debian package: binutils (its readelf reads every CPU). elfdeps itself is not asked.
set -eu
cd "$(dirname "$0")"
LC_ALL=C
export LC_ALL

# An ELF file is one that starts with 7f 45 4c 46.
is_elf() {
  [ "$(od -An -tx1 -N4 "$1" | tr -d ' \n')" = 7f454c46 ]
}

# One JSON object from the header (-h), the program headers (-l), the dynamic section (-d).
describe() {
  readelf -hldW "$1" | awk -v path="$1" '
    function text(s) { return s == "" ? "null" : "\"" s "\"" }
    function bracketed(s) { sub(/^[^[]*\[/, "", s); sub(/\]$/, "", s); return s }
    /^ +Class:/   { class = $2 == "ELF64" ? 64 : 32 }
    /^ +Data:/    { endian = /little endian/ ? "little" : "big" }
    /^ +Type:/    { type = $2 }
    /^ +Machine:/ { sub(/^ +Machine: +/, ""); machine = $0 }
    /^ +Flags:/   { sub(/^ +Flags: +/, ""); flags = $0 }
    /Requesting program interpreter:/ {
      sub(/.*interpreter: /, ""); sub(/\]$/, ""); interpreter = $0
    }
    /^ +DYNAMIC /   { dynamic = 1 }
    /\(NEEDED\)/    { needed = needed (needed == "" ? "" : ", ") "\"" bracketed($0) "\"" }
    /\(SONAME\)/    { soname = bracketed($0) }
    /\(RPATH\)/     { rpath = bracketed($0) }
    /\(RUNPATH\)/   { runpath = bracketed($0) }
    /\(FLAGS_1\)/   { pie = / PIE/ }
    END {
      name["Advanced Micro Devices X86-64"] = "x86-64"
      name["AArch64"] = "aarch64"
      name["ARM"] = "arm"
      name["IBM S/390"] = "s390"
      name["Intel 80386"] = "i386"
      name["MIPS R3000"] = "mips"
      name["PowerPC"] = "ppc"
      name["PowerPC64"] = "ppc64"
      name["RISC-V"] = "riscv"
      if (!(machine in name)) { print "no name for machine " machine > "/dev/stderr"; exit 1 }

      # The calling convention, where a machine has several.
      if (machine ~ /X86-64/ && class == 32) abi = "x32"
      if (flags ~ /hard-float ABI/) abi = "hard-float"
      if (flags ~ /abiv2/) abi = "elfv2"
      if (flags ~ /o32/) abi = "o32"
      if (flags ~ /double-float ABI/) abi = (class == 64 ? "lp64" : "ilp32") "d"

      executable = type == "EXEC" || pie || interpreter != ""
      if (interpreter != "" || (dynamic && !executable)) linkage = "dynamic"
      else linkage = dynamic && type == "DYN" ? "static-pie" : "static"

      printf "  {\n"
      printf "    \"path\": \"%s\",\n", path
      printf "    \"kind\": \"%s\",\n", executable ? "executable" : "shared-library"
      printf "    \"linkage\": \"%s\",\n", linkage
      printf "    \"machine\": \"%s\",\n", name[machine]
      printf "    \"class\": %d,\n", class
      printf "    \"endian\": \"%s\",\n", endian
      printf "    \"abi\": %s,\n", text(abi)
      printf "    \"interpreter\": %s,\n", text(interpreter)
      printf "    \"needed\": [%s],\n", needed
      printf "    \"soname\": %s,\n", text(soname)
      printf "    \"rpath\": %s,\n", text(rpath)
      printf "    \"runpath\": %s\n", text(runpath)
      printf "  }"
    }'
}

# Sorted by path, commas between the objects.
echo '['
first=yes
for file in $(find cpus hello sysroot -type f | sort); do
  is_elf "$file" || continue
  [ $first = yes ] || echo ','
  first=no
  describe "$file"
done
printf '\n]\n'

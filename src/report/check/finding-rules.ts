/**
 * What each finding of `elfdeps check` means in general, whatever program it is about: for formats
 * that describe their rules once, and for code scanning, which shows the texts beside every result.
 */

/** The texts of one code. Sentences, with a full stop, as SARIF wants them. */
interface FindingRule {
  readonly summary: string;
  readonly cause: string;
  readonly remedy: string;
}

const rule = (summary: string, cause: string, remedy: string): FindingRule => ({
  summary,
  cause,
  remedy,
});

const COPY_FILE = 'Put the file into the root; elfdeps copy writes all that a program needs.';
const SAME_BUILD = 'Take the library that the program was linked with, or build the program again.';

const RULES: Readonly<Record<string, FindingRule>> = {
  CAPABILITIES: rule(
    'The program sets its capabilities, but has no right to.',
    'Copies lose file capabilities and set-user-ID bits, and without them such calls fail.',
    'Run it as root, or set its capabilities again in the image with setcap.',
  ),
  CERTIFICATES_MISSING: rule(
    'The root has no bundle of CA certificates.',
    'A TLS library trusts only certificates that such a file leads to.',
    'Put the bundle into the root; elfdeps copy --with certs adds it.',
  ),
  CPU_LEVEL: rule(
    'A file needs a newer CPU than the one to run on.',
    'It was compiled for a higher level of x86-64, and says so in a note.',
    'Use a newer CPU, or a build for an older level.',
  ),
  DLOPEN_MISSING: rule(
    'A library that is opened at run time is not in the root.',
    'Its name is not among the needs of the program, but in a note or a text of it.',
    'Put the library into the root.',
  ),
  EXECUTABLE_STACK: rule(
    'A file asks for an executable stack.',
    'New releases of glibc and hardened kernels refuse one.',
    'Link it with -z noexecstack.',
  ),
  FILE_TRUNCATED: rule(
    'A file ends before its segments do.',
    'A copy or a download stopped; a loader maps such a file, and dies when it reads what is lost.',
    'Copy the whole file again from where it comes from.',
  ),
  GCONV_MISSING: rule(
    'The root has no modules to convert between character sets.',
    'The C library itself converts only between ASCII, UTF-8 and the UCS forms.',
    'Put the gconv directory of the same glibc into the root; elfdeps copy --with gconv adds it.',
  ),
  HOST_PROVIDED: rule(
    'A library that comes with the drivers of the host is missing.',
    'It belongs to the hardware, so a container runtime mounts it, and no image has it.',
    'Start the container with what mounts the drivers.',
  ),
  INTERPRETER_MISSING: rule(
    'The interpreter of the program is not in the root.',
    'The kernel starts the interpreter, which is the dynamic loader, and not the program itself.',
    'Put the loader and all libraries into the root (elfdeps copy), or link statically.',
  ),
  INTERPRETER_NOT_EXECUTABLE: rule(
    'The interpreter of the program has no execute bit.',
    'The kernel starts only interpreters that are executable.',
    'Set its mode to 755.',
  ),
  INTERPRETER_WRONG_TARGET: rule(
    'The interpreter of the program is for another CPU.',
    'The kernel refuses an interpreter for another CPU than the program.',
    "Put the loader for the program's CPU in its place.",
  ),
  JAVA_MISSING: rule(
    'The virtual machine of Java is not in the root.',
    'The launcher opens it in the home of Java around itself.',
    'Put the whole home of Java into the root; elfdeps copy does.',
  ),
  KERNEL_TOO_OLD: rule(
    'A file was built for newer kernels than the one to run on.',
    'The C library uses system calls that came with a newer kernel, and says so in a note.',
    'Use a newer kernel, or an image of an older distribution.',
  ),
  LIBC_MISMATCH: rule(
    'A file was built for another C library than the one that it meets.',
    'A program has one C library; glibc and musl are not interchangeable.',
    'Take a build for the C library of the root, or link statically.',
  ),
  LIBGCC_MISSING: rule(
    'libgcc_s.so.1 is not in the root, though threads are cancelled or leave.',
    'glibc opens it to unwind the stack of a thread, and aborts without it.',
    COPY_FILE,
  ),
  LIBRARY_NOT_FOUND: rule(
    'A needed library is not found in the root.',
    'No directory that the loader searches has a file of this name.',
    COPY_FILE,
  ),
  LIBRARY_WRONG_TARGET: rule(
    'A needed library is for another CPU or class.',
    'A program loads only libraries for its own CPU.',
    "Put the library for the program's CPU in its place.",
  ),
  LINK_DEREFERENCED: rule(
    'A file stands where a link to the same library should be.',
    'The link was followed when it was copied, as COPY in a Dockerfile does with single files.',
    'Copy with what keeps links, such as elfdeps copy or elfdeps tar.',
  ),
  LOADER_GIVES_UP: rule(
    'The loader finds a file that it cannot load, and searches no further.',
    'A file by the needed name is damaged, a text, or something else than a library.',
    'Put the right file in its place, or remove it so that the search goes on.',
  ),
  LOADER_LIBC_MISMATCH: rule(
    'The loader and the C library are not of one build.',
    'They share private data, which changes between builds.',
    'Take both files from one package of one distribution.',
  ),
  LOCALES_MISSING: rule(
    'The root has no locale but C.',
    'Locales are files, C.UTF-8 too, and setlocale fails without them.',
    'Put the locale into the root (elfdeps copy --with locale), or leave LANG and LC_ALL unset.',
  ),
  MINIMUM_VERSIONS: rule(
    'The oldest system that the program runs on.',
    'A program asks for versions of symbols, and older systems do not define them.',
    'Nothing is wrong; build on an older system to run on older ones.',
  ),
  NEED_UNUSED: rule(
    'A library is needed, but none of its symbols is used.',
    'The program was linked without --as-needed.',
    'Link it with -Wl,--as-needed.',
  ),
  NOT_A_PROGRAM: rule(
    'The file is nothing that can be started.',
    'The kernel starts executables and position-independent executables only.',
    'Name the program itself.',
  ),
  NOT_EXECUTABLE: rule(
    'The program has no execute bit.',
    'The kernel starts no file without an execute bit, not even for root.',
    'Set it with chmod +x, or with COPY --chmod=755 in a Dockerfile.',
  ),
  NO_VERSION_INFORMATION: rule(
    'A library defines no versions, though the program asks for some.',
    'It is another build than the one that the program was linked with.',
    SAME_BUILD,
  ),
  NSSWITCH_MISSING: rule(
    'The root has no /etc/nsswitch.conf.',
    'Without it DNS is asked before /etc/hosts.',
    "Put the file with 'hosts: files dns' into the root; elfdeps copy --with nss adds it.",
  ),
  NSS_MODULE_MISSING: rule(
    'A module of the name service switch is not in the root.',
    'The C library opens a module for each service of nsswitch.conf, and passes over missing ones.',
    'Put the module into the root, or take the service out of nsswitch.conf.',
  ),
  OPENSSL_MODULES_MISSING: rule(
    'The modules of OpenSSL are not in the root.',
    'Old ciphers (the legacy provider) are a module that libcrypto opens by its path.',
    'Put the ossl-modules directory of the same OpenSSL into the root, if they are used.',
  ),
  PACKED: rule(
    'The program is packed, and what is inside is not seen.',
    'A packed program unpacks itself when it starts, and may need more than its shell does.',
    'Unpack it, and check what is inside.',
  ),
  PASSWD_MISSING: rule(
    'The root has no /etc/passwd.',
    'Names of users come from that file.',
    'Put /etc/passwd and /etc/group into the root; elfdeps copy --with passwd adds them.',
  ),
  PRELOAD_IGNORED: rule(
    'A library that shall be preloaded cannot be loaded.',
    'LD_PRELOAD or ld.so.preload names a file that is missing or for another CPU.',
    'Put it into the root, or take it out of the list.',
  ),
  PYTHON_MODULES_MISSING: rule(
    'The standard library of Python is not in the root.',
    'It is files in lib/pythonX.Y, and Python does not start without them.',
    'Put that directory into the root; elfdeps copy --with data adds it.',
  ),
  SCRIPT_CRLF: rule(
    'The first line of a script ends with CR LF.',
    'The carriage return counts as the last character of the file name.',
    'Save the script with Unix line ends.',
  ),
  SCRIPT_INTERPRETER_FAILS: rule(
    'The interpreter of a script does not run in the root.',
    'A script is run by the program that its first line names.',
    'See the findings about that program.',
  ),
  SCRIPT_INTERPRETER_MISSING: rule(
    'The interpreter of a script is not in the root.',
    'The kernel starts the program that the first line names.',
    'Put it into the root, or start the script with a program that is there.',
  ),
  SCRIPT_INTERPRETER_NOT_EXECUTABLE: rule(
    'The interpreter of a script has no execute bit.',
    'The kernel starts only interpreters that are executable.',
    'Set it with chmod +x.',
  ),
  SCRIPT_PROGRAM_MISSING: rule(
    'env does not find the program that a script asks for.',
    'The first line starts env, which looks for the program in PATH.',
    'Put the program into a directory of PATH in the root.',
  ),
  SCRIPT_TOO_DEEP: rule(
    'Too many scripts start each other.',
    'The kernel gives up when the interpreter of a script is a script again and again.',
    'Name a program in the first line.',
  ),
  SERVICES_MISSING: rule(
    'The root has no /etc/services.',
    'Ports are known by names such as https only from that file.',
    'Put the file into the root; elfdeps copy adds it.',
  ),
  SHEBANG_TOO_LONG: rule(
    'The first line of a script is longer than the kernel reads.',
    'The kernel reads 255 bytes of it, and cuts what is behind.',
    'Make it shorter, for instance with a link to the interpreter.',
  ),
  SHELL_MISSING: rule(
    'The program starts /bin/sh, which is not in the root.',
    'system() and popen() start it, and fail without a message.',
    'Put a shell into the root, if these calls are made.',
  ),
  STATIC_DLOPEN: rule(
    'A static program for musl has dlopen.',
    "musl's dlopen in a static program always fails.",
    'Link the program dynamically, or build its plug-ins in.',
  ),
  STATIC_NSS: rule(
    'A static program for glibc looks up users or hosts.',
    'It opens modules of just the glibc that it was linked with.',
    'Bring that glibc along, or link with musl.',
  ),
  STATIC_TLS: rule(
    'A library that is opened at run time wants much of the static TLS block.',
    'All libraries that are opened by dlopen share a small spare part of it.',
    'Preload it, set GLIBC_TUNABLES, or compile it without -ftls-model=initial-exec.',
  ),
  SYMBOLS_LEFT_OPEN: rule(
    'A library leaves symbols to whoever loads it.',
    'Nothing that it needs itself defines them.',
    'Check the program that loads it, with --include for the library.',
  ),
  SYMBOLS_NOT_FOUND: rule(
    'More symbols are not found.',
    'No object that is loaded exports them.',
    SAME_BUILD,
  ),
  SYMBOLS_UNREADABLE: rule(
    'The symbol table of a file is damaged.',
    'The file is damaged or not whole.',
    'Copy the file again from where it comes from.',
  ),
  SYMBOL_NOT_FOUND: rule(
    'A symbol that is used is exported by no library.',
    'A library is another build than the one that the program was linked with, or is missing.',
    SAME_BUILD,
  ),
  SYMBOL_WITHOUT_VERSION: rule(
    'A library has a symbol, but not in the version that is asked for.',
    'It is another build than the one that the program was linked with.',
    SAME_BUILD,
  ),
  TERMINFO_MISSING: rule(
    'The root has no descriptions of terminals.',
    'What a terminal can do is in a file for each value of TERM.',
    'Put them into the root; elfdeps copy --with terminfo adds them.',
  ),
  TEXT_RELOCATIONS: rule(
    'The code of a file is written to while it is relocated.',
    'SELinux and other hardened kernels do not let a program write to its code.',
    'Compile it with -fPIC.',
  ),
  TMP_MISSING: rule(
    'The root has no /tmp.',
    'Temporary files are made there, unless TMPDIR says otherwise.',
    'Make /tmp with mode 1777 (elfdeps copy --with tmp), or mount a tmpfs there.',
  ),
  VERSION_FILE_UNKNOWN: rule(
    'A version is asked of a library that is not loaded.',
    'A needed name was changed after linking, the names in the version table were not.',
    'Give the file its needed name back.',
  ),
  VERSION_NOT_FOUND: rule(
    'A library does not define a version that is asked for.',
    'The program was linked against a newer library than the root has.',
    'Use a newer library, or build the program against the older one.',
  ),
  WEAK_VERSION_NOT_FOUND: rule(
    'A library does not define a version that is asked for where it exists.',
    'The program was linked against a newer library, and can do without what is new in it.',
    'Use a newer library to have it.',
  ),
  WRONG_CPU: rule(
    'The program is for another CPU than the system to run on.',
    'A kernel starts no file for another CPU without an emulator.',
    'Build the program for that CPU, or take an image for the CPU of the program.',
  ),
  ZONEINFO_MISSING: rule(
    'The root has no time zones.',
    'TZ names a file, and without it the time is UTC without a word.',
    'Put /usr/share/zoneinfo into the root (elfdeps copy --with tz), if TZ will be set.',
  ),
};

/** All codes that have texts here. */
export function findingCodes(): readonly string[] {
  return Object.keys(RULES);
}

/** The texts of a code, or undefined where it has none here; a test knows of every check's. */
export function findingRule(code: string): FindingRule | undefined {
  return Object.hasOwn(RULES, code) ? RULES[code] : undefined;
}

/**
 * The functions of a C library whose import shows a need at run time: an object with one of these may call it.
 * Sources: POSIX.1-2017 <pwd.h>, <grp.h>, <netdb.h>; glibc manual, "Name Service Switch".
 */

export const userCalls: readonly string[] = [
  ...['getpwnam', 'getpwnam_r', 'getpwuid', 'getpwuid_r', 'getpwent', 'getpwent_r', 'setpwent'],
  ...['getgrnam', 'getgrnam_r', 'getgrgid', 'getgrgid_r', 'getgrent', 'getgrent_r', 'setgrent'],
  ...['initgroups', 'getgrouplist', 'getspnam', 'getspnam_r', 'getspent', 'cuserid'],
];

/** Those of them that take a name. */
export const accountCalls: readonly string[] = userCalls.filter((name) =>
  /nam(?:_r)?$|init|list/.test(name),
);

/** PAM begins a session of a user with the first of these. */
export const logInCalls: readonly string[] = ['pam_open_session', 'pam_setcred'];

export const hostCalls: readonly string[] = [
  ...['getaddrinfo', 'getnameinfo', 'gethostbyname', 'gethostbyname2', 'gethostbyaddr'],
  ...['gethostbyname_r', 'gethostbyname2_r', 'gethostbyaddr_r', 'gethostent', 'getaddrinfo_a'],
];

/** These take or give the name of a port, and no name of a protocol. */
export const portCalls: readonly string[] = ['getaddrinfo', 'getnameinfo', 'getaddrinfo_a'];

export const serviceCalls: readonly string[] = [
  ...['getservbyname', 'getservbyname_r', 'getservbyport', 'getservbyport_r', 'getservent'],
  ...['getprotobyname', 'getprotobyname_r', 'getprotobynumber', 'getprotoent'],
  ...['getnetbyname', 'getnetbyaddr', 'getrpcbyname', 'getrpcbynumber', 'ether_hostton'],
];

export const directoryCalls: readonly string[] = ['mkdir', 'mkdirat'];

/** Translations are looked for in the directory that bindtextdomain is given. */
export const messageCalls: readonly string[] = ['bindtextdomain'];

/** glibc opens libgcc_s for these: a thread ends before its function returns. */
export const threadEndCalls: readonly string[] = ['pthread_cancel', 'pthread_exit', 'thrd_exit'];

/** And for these, which give no frame without it. */
export const backtraceCalls: readonly string[] = ['backtrace', 'backtrace_symbols_fd'];

/** These start /bin/sh. */
export const shellCalls: readonly string[] = ['system', 'popen', 'wordexp'];

/** These read which shells users may have: a program that asks starts one for them. */
export const userShellCalls: readonly string[] = ['getusershell'];

/** These start a program. */
export const execCalls: readonly string[] = [
  ...['execve', 'execv', 'execl', 'execle', 'execvp', 'execlp', 'execvpe', 'fexecve'],
  ...['posix_spawn', 'posix_spawnp'],
];

/** Any of these starts a program. */
export const startCalls: readonly string[] = [...execCalls, ...shellCalls];

export const conversionCalls: readonly string[] = ['iconv_open'];

export const localeCalls: readonly string[] = ['setlocale', 'newlocale'];

export const zoneCalls: readonly string[] = [
  ...['tzset', 'localtime_r', 'localtime', 'mktime', '__localtime64_r', '__mktime64'],
  ...['ctime', 'ctime_r', 'timelocal', '__localtime64', '__ctime64', '__ctime64_r'],
];

export const temporaryCalls: readonly string[] = [
  ...['mkstemp', 'mkstemp64', 'mkostemp', 'mkostemp64', 'mkstemps', 'mkstemps64', 'mkdtemp'],
  ...['tmpfile', 'tmpfile64', 'tmpnam', 'tempnam', 'mktemp'],
];

/** Without the description of a terminal these end the program; tgetent() is done without. */
export const terminalCalls: readonly string[] = ['setupterm', 'initscr', 'newterm'];

export const dlopenCalls: readonly string[] = ['dlopen', 'dlmopen'];

/** Functions of other libraries that call dlopen with a name that they are given. Source: NSPR prlink.h. */
export const libraryCalls: readonly string[] = [
  ...dlopenCalls,
  ...['PR_LoadLibrary', 'PR_LoadLibraryWithFlags'],
];

/**
 * The functions of a C library that ask for users, hosts and services.
 * Source: POSIX.1-2017 <pwd.h>, <grp.h>, <netdb.h>; glibc manual, "Name Service Switch".
 */

export const namesOfUsers: readonly string[] = [
  ...['getpwnam', 'getpwnam_r', 'getpwuid', 'getpwuid_r', 'getpwent', 'getpwent_r', 'setpwent'],
  ...['getgrnam', 'getgrnam_r', 'getgrgid', 'getgrgid_r', 'getgrent', 'getgrent_r', 'setgrent'],
  ...['initgroups', 'getgrouplist', 'getspnam', 'getspnam_r', 'getspent', 'cuserid'],
];

export const namesOfHosts: readonly string[] = [
  ...['getaddrinfo', 'getnameinfo', 'gethostbyname', 'gethostbyname2', 'gethostbyaddr'],
  ...['gethostbyname_r', 'gethostbyname2_r', 'gethostbyaddr_r', 'gethostent', 'getaddrinfo_a'],
];

export const namesOfServices: readonly string[] = [
  ...['getservbyname', 'getservbyname_r', 'getservbyport', 'getservbyport_r', 'getservent'],
  ...['getprotobyname', 'getprotobyname_r', 'getprotobynumber', 'getprotoent'],
  ...['getnetbyname', 'getnetbyaddr', 'getrpcbyname', 'getrpcbynumber', 'ether_hostton'],
];

/**
 * A program that starts another in a root as a container runtime does: chroot, then execve, with no
 * shell to fall back to. When the kernel refuses, it says so in the words of runc.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const SOURCE = `
#include <ctype.h>
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc < 3 || chroot(argv[1]) != 0 || chdir("/") != 0) {
    perror("starter");
    return 2;
  }
  const char *user = getenv("STARTER_USER");
  if (user != NULL) {
    int id = atoi(user);
    if (setgroups(0, NULL) != 0 || setgid(id) != 0 || setuid(id) != 0) {
      perror("starter");
      return 2;
    }
    unsetenv("STARTER_USER");
  }
  execv(argv[2], argv + 2);
  char words[200];
  snprintf(words, sizeof words, "%s", strerror(errno));
  words[0] = tolower((unsigned char)words[0]);
  printf("exec %s: %s\\n", argv[2], words);
  return 127;
}
`;

/**
 * Compiles it as `path`: `starter ROOT PROGRAM ARGUMENT...`. Exit code 127 when it cannot
 * start. With STARTER_USER in the environment the program runs as that number.
 */
export function compileStarter(path: string): void {
  writeFileSync(`${path}.c`, SOURCE);
  execFileSync('gcc', ['-static', '-o', path, `${path}.c`]);
}

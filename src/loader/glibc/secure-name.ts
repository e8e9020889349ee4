/**
 * Names of preloads and audit modules that count in secure-execution mode. Others are passed over without
 * a word. Source: glibc elf/rtld.c (dso_name_valid_for_suid, SECURE_NAME_LIMIT).
 */

const MAX_SECURE_NAME = 254;

/** Whether a name is not a path, and not longer than a file name. */
export function isSecureName(name: string): boolean {
  return !name.includes('/') && name.length <= MAX_SECURE_NAME;
}

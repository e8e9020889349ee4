/**
 * The audit modules that a program of glibc asks for.
 * Source: glibc elf/rtld.c (audit_list_add_string, audit_list_add_dynamic_tag, audit_list_next,
 * dso_name_valid_for_suid); 2.32 NEWS for the tags.
 */
import type { LoadedObject, LoaderContext, Request } from '../loader.js';
import type { GlibcConfig } from './config.js';
import { isSecureName } from './secure-name.js';

/** Lists of names, separated by colons: the variable, then the tags of the program. */
export function auditRequests(
  { options, rights }: LoaderContext,
  { minor }: GlibcConfig,
  { elf }: LoadedObject,
): Request[] {
  const { audit, depaudit } = elf.dynamic ?? {};
  const lists: [source: string, list: string | undefined][] = [['LD_AUDIT', options.audit]];
  // Earlier releases know only the variable.
  if (minor >= 32) lists.push(['DT_AUDIT', audit], ['DT_DEPAUDIT', depaudit]);
  return lists.flatMap(([source, list = '']) =>
    list
      .split(':')
      .filter((name) => name !== '' && (rights.secure === undefined || isSecureName(name)))
      .map((name): Request => ({ name, kind: 'audit', source })),
  );
}

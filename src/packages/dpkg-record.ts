/**
 * What a paragraph of dpkg's status says about a package.
 * Source: deb-control(5); dpkg lib/dpkg/fields.c.
 */
import { type Paragraph, parseRelations } from './control-file.js';
import type { PackageRecord } from './package-kind.js';

/**
 * Undefined for a paragraph of no package, or of one that has no file in the root. `isAutomatic` tells of a
 * name what apt knows of it.
 */
export function recordOf(
  paragraph: Paragraph,
  isAutomatic: (name: string) => boolean | undefined,
): PackageRecord | undefined {
  const name = paragraph.get('package');
  // status.d has no states: what is there is installed.
  const state = paragraph.get('status')?.split(/\s+/)[2] ?? 'installed';
  if (!name || state === 'not-installed') return undefined;
  return {
    name,
    architecture: paragraph.get('architecture') ?? '',
    // Few packages are asked about: what takes time is parsed then.
    get version() {
      return paragraph.get('version') ?? '';
    },
    get source() {
      return /^\S+/.exec(paragraph.get('source') ?? '')?.[0] ?? name;
    },
    isRemoved: state === 'config-files' ? true : undefined,
    get configurationFiles() {
      return configurationFiles(paragraph.get('conffiles'));
    },
    get requires() {
      return [
        ...parseRelations(paragraph.get('pre-depends')),
        ...parseRelations(paragraph.get('depends')),
      ];
    },
    get suggests() {
      const fields = [paragraph.get('recommends'), paragraph.get('suggests')];
      return fields.flatMap((field) => parseRelations(field).flat());
    },
    get isEssential() {
      return paragraph.get('essential') === 'yes';
    },
    get isAutomatic() {
      return isAutomatic(name);
    },
    get provides() {
      return parseRelations(paragraph.get('provides')).flat();
    },
  };
}

/** Lines of a path, its checksum, and words such as `obsolete`. */
function configurationFiles(field = ''): string[] {
  return field.split('\n').flatMap((line) => {
    const [, path, words] =
      /^(\/.*?) (?:[0-9a-f]{32}|newconffile)((?: [a-z-]+){0,9})$/.exec(line) ?? [];
    return path === undefined || words?.includes('remove-on-upgrade') ? [] : [path];
  });
}

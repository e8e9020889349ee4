/**
 * The fonts of a root, and of these one family each for text without serifs, with serifs and of one width:
 * those that fontconfig would take.
 */
import type { RootFiles } from '../../files/root-files.js';
import { baseName, rebased } from '../../root/path-text.js';
import type { ResolvedPath } from '../../root/resolve-path.js';
import { filesBelow } from '../files-below.js';
import { type FontConfiguration, GENERIC_FAMILIES } from './font-configuration.js';
import { familiesOf } from './font-names.js';

const FONT = /\.(?:tt[fc]|ot[fc])$/i;
/** Of more files only those are read whose names are like a family's. */
const MOST_READ = 400;
const MOST_FONTS = 10_000;

interface Font {
  /** As the directory of the configuration leads to it. */
  readonly path: string;
  readonly file: ResolvedPath;
  /** Letters and digits of the file name. */
  readonly key: string;
}

/** Every font below the directories of the configuration. */
export function fontFiles(files: RootFiles, { directories }: FontConfiguration): string[] {
  return listFonts(files, directories).map(({ path }) => path);
}

/** Fonts of one family each, and of those of other names; none where the root has no font. */
export function preferredFonts(
  files: RootFiles,
  configuration: FontConfiguration,
  names: readonly string[] = [],
): string[] {
  const fonts = listFonts(files, configuration.directories);
  const known = new Map<Font, ReadonlySet<string>>();
  const isOf = (font: Font, family: string) => {
    let families = known.get(font);
    if (families === undefined) {
      families = familiesOf(files, font.file);
      known.set(font, families);
    }
    return families.has(family.toLowerCase());
  };
  const ofFamily = (family: string) => {
    const key = keyOf(family);
    const candidates =
      fonts.length <= MOST_READ ? fonts : fonts.filter((font) => font.key.startsWith(key));
    return candidates.filter((font) => isOf(font, family));
  };
  const firstOf = (families: Iterable<string>) => {
    for (const family of families) {
      const found = ofFamily(family);
      if (found.length > 0) return found;
    }
    return [];
  };
  const chosen = [
    ...GENERIC_FAMILIES.flatMap((generic) => firstOf(configuration.preferred.get(generic) ?? [])),
    ...names.flatMap((name) => firstOf(substitutesOf(configuration, name))),
  ];
  // Without a preference any font is better than none.
  return [...new Set(chosen.length > 0 ? chosen : fonts.slice(0, 1))].map(({ path }) => path);
}

/** A family, and what stands for it, in turn. */
function substitutesOf({ substitutes }: FontConfiguration, family: string): ReadonlySet<string> {
  const found = new Set([family]);
  for (const each of found) for (const other of substitutes.get(each) ?? []) found.add(other);
  return found;
}

function listFonts(files: RootFiles, directories: readonly string[]): Font[] {
  const fonts = directories.flatMap((directory) => {
    const start = files.resolve(directory);
    if (!start.found) return [];
    return filesBelow(files, directory).flatMap(({ path, name }) => {
      if (!FONT.test(name)) return [];
      const file = files.resolve(path);
      if (!file.found || file.entry.kind !== 'file') return [];
      const shown = rebased(path, start.path, directory);
      return [{ path: shown, file, key: keyOf(baseName(name).replace(FONT, '')) }];
    });
  });
  return fonts.slice(0, MOST_FONTS);
}

function keyOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '');
}

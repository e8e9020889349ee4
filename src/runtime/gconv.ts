/**
 * Character sets that glibc converts by modules: all but ASCII, UTF-8 and UCS. The cache names the
 * modules; those of the usual sets are taken, the others (8 MB) on demand.
 * Source: glibc iconv/gconv_cache.c, iconv/gconv_conf.c.
 */

import { importText, type NeedContext } from './need-context.js';
import type { FoundNeed, NeedDetector } from './runtime-need.js';

const USUAL = /^(?:ISO8859-1|ISO8859-15|CP1252|UTF-16|UTF-32|UNICODE)\.so$/;
const CALLS = ['iconv_open'];

export const gconv: NeedDetector = {
  kind: 'gconv',
  summary: 'character sets for iconv: Latin-1, Latin-9, CP1252, UTF-16, UTF-32',
  detect: (context) => detect(context, (name) => USUAL.test(name), 'sure'),
};

export const gconvAll: NeedDetector = {
  kind: 'gconv-all',
  summary: 'every character set for iconv',
  detect: (context) => detect(context, (name) => name.endsWith('.so'), 'possible'),
};

function detect(
  context: NeedContext,
  accept: (module: string) => boolean,
  confidence: 'sure' | 'possible',
): FoundNeed | undefined {
  const own = context.findOwnImport(CALLS);
  const found = own ?? context.findImport(CALLS);
  const libc = context.loaded(/^libc\.so\.6/);
  if (found === undefined || libc === undefined || context.closure.libc !== 'glibc')
    return undefined;
  // libc has the directory as a text, with the variable GCONV_PATH beside it.
  const cache = context.findText(libc, '/gconv/gconv-modules.cache', (text) =>
    text.startsWith('/'),
  );
  if (cache === undefined) return undefined;
  const directory = cache.slice(0, cache.lastIndexOf('/'));
  const modules = context.namesIn(directory).filter(accept);
  if (modules.length === 0) return undefined;
  // The texts are read only where there is no cache.
  const texts = ['gconv-modules', 'gconv-modules.d'].map((name) => `${directory}/${name}`);
  const configuration = context.files.resolve(cache).found ? [cache] : texts;
  return {
    because: importText(found),
    // A library that converts may never be asked to.
    confidence: own === undefined && confidence === 'sure' ? 'likely' : confidence,
    files: configuration.flatMap((path) => context.existing(path)),
    opens: modules.map((name) => ({ name: `${directory}/${name}`, from: libc.path })),
  };
}

/**
 * npm run docs:api: the reference of the library from its docstrings, as HTML in docs/api, or in the directory
 * that is named. A warning ends it with exit code 1: a link that leads nowhere, a type that is not exported.
 */
import { fileURLToPath } from 'node:url';
import { Application, LogLevel } from 'elfdeps-typedoc';

const project = new URL('..', import.meta.url);
/** @param {string} path */
const inProject = (path) => fileURLToPath(new URL(path, project));

const application = await Application.bootstrapWithPlugins({
  name: 'elfdeps',
  entryPoints: [inProject('src/index.ts'), inProject('src/elf/elf-file.ts')],
  tsconfig: inProject('tsconfig.build.json'),
  readme: inProject('docs/library.md'),
  excludeInternal: true,
  excludePrivate: true,
  excludeExternals: true,
  githubPages: false,
  disableSources: true,
  // What the exports are made of; their members are in the reference.
  intentionallyNotExported: [
    'src/check/check-closure.ts:CheckedClosure',
    'src/finding.ts:Finding',
    'src/registry/checks.ts:checks',
    'src/check/image-differences.ts:ImageDifferenceCode',
    'src/check/start/script-chain.ts:ScriptChainCode',
    'src/check/symbols/minimum-versions.ts:VERSION_FAMILIES',
  ],
  validation: { notExported: true, invalidLink: true, notDocumented: false },
  logLevel: LogLevel.Warn,
});
const reference = await application.convert();
if (reference === undefined) process.exit(1);
application.validate(reference);
await application.generateDocs(reference, process.argv[2] ?? inProject('docs/api'));
if (application.logger.hasWarnings() || application.logger.hasErrors()) process.exit(1);

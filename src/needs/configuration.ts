/**
 * Configuration that a program or the unit that starts it names, and what is named there: further files,
 * modules, data. Programs end or do less where they do not find it.
 */
import { compareBytes } from '../root/byte-order.js';
import { absentNames } from './absent-names.js';
import { configurationFiles } from './configuration-files.js';
import { loadableFiles } from './loadable-files.js';
import { defineNeed } from './need.js';
import { serviceFiles } from './service-files.js';

export const configuration = defineNeed({
  kind: 'config',
  summary: 'configuration of the program, and the files and modules that it names',
  documentation: {
    evidence:
      'files in `/etc` and configuration elsewhere that the program names; words of the systemd unit that starts it; the paths, patterns and names of modules in them (`include`, `load_module`, `extension=`)',
    added:
      'those files, and the modules with all that these need; a note names directories of data such as `/var/www/html`',
    confidence: ['sure'],
  },
  detect(facts) {
    const { texts, files, libraries, places } = configurationFiles(facts);
    const all = [...texts.keys(), ...files, ...libraries].sort(compareBytes);
    const [first] = texts.keys();
    if (first === undefined) return undefined;
    const { path } = facts.closure.program;
    const { unit, words } = serviceFiles(facts);
    const by = unit !== undefined && words.includes(first) ? unit : path;
    const others = all.length - 1;
    // Of a directory of modules it names all may be opened.
    const modules = new Set([...libraries, ...loadableFiles(facts.files, files).libraries]);
    return {
      because: `${by} names ${first}${others > 0 ? `, which leads to ${others} more` : ''}`,
      files: all,
      dataLeftOut: places.length > 0 ? places : undefined,
      opens: facts.program === undefined ? [] : [...modules].map((name) => ({ name, from: path })),
    };
  },
  absent: absentNames('config', {
    code: 'CONFIG_MISSING',
    levels: ['note'],
    summary: 'The root has none of the configuration that a program names.',
    cause: 'Some programs do not start without their configuration, others have defaults.',
    remedy: 'Put the files that it uses into the root; elfdeps copy adds them.',
  }),
});

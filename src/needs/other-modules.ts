/**
 * Modules of an interpreter that are there for other programs of the system: of packages that came along
 * with another one.
 */
import { environmentOf } from './languages/environment.js';
import { moduleContents } from './languages/module-contents.js';
import { LibraryCosts } from './library-costs.js';
import { namedTree } from './named-tree.js';
import { defineNeed } from './need.js';

export const otherModules = defineNeed({
  kind: 'other-modules',
  values: ['all'],
  summary: 'modules of an interpreter that were installed for other programs',
  documentation: {
    evidence:
      'installed modules that the interpreter finds, of packages that are there only since another package needs them',
    added: 'those modules, with all that their extension modules need',
    confidence: ['likely', 'possible'],
  },
  detect(facts) {
    const environment = environmentOf(facts);
    if (environment === undefined || environment.others.length === 0) return undefined;
    const { others, packages, isForPackages } = environment;
    const more = packages.length > 3 ? `, and ${packages.length - 3} more` : '';
    const because = `it finds modules of ${packages.slice(0, 3).join(', ')}${more}`;
    const costs = new LibraryCosts(facts);
    // What packages do not connect with the program is for others, and what needs much most of all.
    const isFar = (path: string) =>
      isForPackages || costs.needMuch(namedTree(facts.files, path).files);
    const possible = others.filter(isFar);
    const likely = others.filter((path) => !possible.includes(path));
    return [needOf(likely, 'likely'), needOf(possible, 'possible')].flatMap((need) => need ?? []);

    function needOf(own: readonly string[], confidence: 'likely' | 'possible') {
      if (own.length === 0) return undefined;
      const { opens, starts, except } = moduleContents(facts, { own });
      return { because, confidence, files: own, standard: [], except, opens, starts };
    }
  },
});

/**
 * Starts program.js beside it, with its compiled form if that was made by this very V8: compiling
 * is a fifth of a short run. V8 itself turns down what does not fit, and compiles.
 */
'use strict';
const { readFileSync } = require('node:fs');
const { wrap } = require('node:module');
const { Script } = require('node:vm');

const filename = `${__dirname}/program.js`;
const script = new Script(wrap(readFileSync(filename, 'latin1')), {
  filename,
  cachedData: readCodeCache(),
});
script.runInThisContext()(exports, require, module, filename, __dirname);

function readCodeCache() {
  try {
    return readFileSync(`${__dirname}/program.cache`);
  } catch {
    return undefined;
  }
}

/**
 * The closed lists of what elfdeps knows: every loader, need, check, report and writer. Each list has a
 * file of its own, so that a command loads only what it uses.
 */
export * from './registry/checks.js';
export * from './registry/loaders.js';
export * from './registry/needs.js';
export * from './registry/reports.js';
export * from './registry/slim-reports.js';
export * from './registry/why-reports.js';
export * from './registry/writers.js';

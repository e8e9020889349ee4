/**
 * Every detector of runtime needs: a world where it reports, with what it says, and one that differs
 * as little as can be where it is silent.
 */
import type { NeedOptions, RuntimeNeed } from '../../src/index.js';
import type { World } from '../support/world.js';
import { dataRows } from './data-rows.js';
import { evidenceRows } from './evidence-rows.js';
import { fontRows } from './font-rows.js';
import { libraryRows } from './library-rows.js';
import { moduleRows } from './module-rows.js';
import { nameRows } from './name-rows.js';
import { ownDataRows } from './own-data-rows.js';
import { putTogetherRows } from './put-together-rows.js';
import { relatedRows } from './related-rows.js';

/** What a detector says of a world. */
export interface Row {
  readonly kind: string;
  /** What is special, where a kind has several rows. */
  readonly case?: string;
  readonly world: World;
  readonly options?: NeedOptions;
  /** All of the need that is not empty; `confidence` without it is sure. */
  readonly need: Pick<RuntimeNeed, 'because'> & Partial<RuntimeNeed>;
  /** Added to the world (undefined takes a file away), or other options: then nothing is found. */
  readonly silent: Readonly<Record<string, World[string] | undefined>> | NeedOptions;
}

/** Whether it changes the world, not the options. */
export const isWorld = (silent: Row['silent']) =>
  Object.keys(silent).some((key) => key.startsWith('/'));

export const rows: readonly Row[] = [
  ...nameRows,
  ...libraryRows,
  ...dataRows,
  ...ownDataRows,
  ...moduleRows,
  ...fontRows,
  ...putTogetherRows,
  ...relatedRows,
  ...evidenceRows,
];

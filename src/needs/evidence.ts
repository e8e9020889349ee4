/**
 * What speaks for a need: an object, and what it has or does.
 */
import type { LoadedObject } from '../loader/loader.js';

export interface Evidence {
  readonly object: LoadedObject;
  /** Behind the object's path it is a sentence: `imports system`, `is loaded`. */
  readonly text: string;
}

/** An object that imports a function, or a static program that has it in itself. */
export interface Import extends Evidence {
  readonly symbol: string;
}

/** `PATH imports SYMBOL`. */
export function evidenceText({ object, text }: Evidence): string {
  return `${object.path} ${text}`;
}

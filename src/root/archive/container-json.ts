/**
 * JSON files in the directory or archive that holds images: reads them within limits, and picks fields
 * out of what may be anything.
 */
import { ArchiveError, RootError } from '../../errors.js';
import { resolvePath } from '../resolve-path.js';
import { type Root, readFile } from '../root.js';

/** A JSON object whose fields may be anything. */
export type Json = Readonly<Record<string, unknown>>;

/** Bytes of the largest manifest or configuration that is read. */
const MAX_JSON = 1 << 24;
/** Bytes of all that are read. A file counts each time; a small one counts as MIN_COST bytes. */
const MAX_ALL_JSON = 1 << 28;
const MIN_COST = 1 << 13;

/** Reads JSON files of one container. */
export class ContainerJson {
  readonly #container: Root;
  readonly #path: string;
  /** Bytes that may still be read. */
  #left = MAX_ALL_JSON;

  /** `path` is what errors call the container. */
  constructor(container: Root, path: string) {
    this.#container = container;
    this.#path = path;
  }

  /** Whether `path` leads to a file of the container. */
  hasFile(path: string): boolean {
    const file = resolvePath(this.#container, path);
    return file.found && file.entry.kind === 'file';
  }

  /** The object in a file, an empty one when it has something else. Throws as {@link parse} does. */
  read(path: string): Json {
    return object(this.parse(path));
  }

  /** What a file has. Throws {@link ArchiveError} when it is absent, too large, or not JSON. */
  parse(path: string): unknown {
    const file = resolvePath(this.#container, path);
    if (!file.found || file.entry.kind !== 'file') throw this.damaged(path, 'not in the archive');
    if (file.entry.size > MAX_JSON) throw this.damaged(path, `${file.entry.size} bytes of JSON`);
    this.#left -= Math.max(file.entry.size, MIN_COST);
    if (this.#left < 0) throw this.damaged(path, 'behind too much other JSON');
    try {
      return JSON.parse(new TextDecoder().decode(readFile(this.#container, file.path, MAX_JSON)));
    } catch (error) {
      if (error instanceof RootError) throw error;
      throw this.damaged(path, 'no JSON', error);
    }
  }

  /** An error about a file of the container. */
  damaged(member: string, fact: string, cause?: unknown): ArchiveError {
    return new ArchiveError(`${member.replace(/^\//, '')}: ${fact}`, 0, {
      path: this.#path,
      cause,
    });
  }
}

/** Of a descriptor's platform or an image's configuration: `os/architecture[/variant]`. */
export function platformOf(fields: Json): string | undefined {
  const parts = [text(fields.os), text(fields.architecture), text(fields.variant)];
  return parts[0] && parts[1] ? parts.filter(Boolean).join('/') : undefined;
}

/** The value as an object; an empty one when it is something else. */
export function object(value: unknown): Json {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Json) : {};
}

/** The fields of an object that are texts. */
export function textFields(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(object(value)).flatMap(([key, field]) => {
      const known = text(field);
      return known === undefined ? [] : [[key, known]];
    }),
  );
}

/** The items of an array as objects; none when the value is something else. */
export function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(object) : [];
}

/** The value as text; undefined when it is something else. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The texts in an array; none when the value is something else. */
export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/**
 * What the answer to "why is this library missing" is made from, and what it is; why-missing.ts finds it.
 */
import type { Closure, Library } from '../closure/closure.js';
import type { RootFiles } from '../files/root-files.js';
import { addTo } from '../root/multimap.js';

/** Where a library was searched for. */
export interface MissContext {
  readonly closure: Closure;
  readonly files: RootFiles;
  /** The working directory of the trace, in the root. */
  readonly cwd: string;
}

/** A reason in words: why, and what to do. */
export interface Reason {
  readonly cause: string;
  readonly remedy: string;
}

/** What several missing libraries have in common. */
export interface Alike {
  /** Reasons with the same key are one reason. */
  readonly key: string;
  /** The reason for all of these libraries together. */
  words(libraries: readonly Library[]): Reason;
}

/** A reason that may be that of other libraries too; without {@link Alike} where the words are the same. */
export interface SharedReason extends Reason {
  readonly alike?: Alike;
}

/** Libraries that are missing for one reason, and the reason for all of them. */
export interface MissGroup<Row> extends Reason {
  readonly rows: readonly Row[];
}

/** Rows in groups of one reason, in the order of their first rows; `more` tells apart what else has to be equal. */
export function groupMisses<
  Row extends { readonly library: Library; readonly reason: SharedReason },
>(rows: readonly Row[], more: (row: Row) => string = () => ''): MissGroup<Row>[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const { cause, remedy, alike } = row.reason;
    addTo(groups, [alike?.key ?? `${cause}\0${remedy}`, more(row)].join('\0'), row);
  }
  return [...groups.values()].map((own) => {
    const [{ reason }] = own as [Row, ...Row[]];
    const names = new Set(own.map(({ library }) => library.name));
    const { cause, remedy } =
      names.size === 1 || reason.alike === undefined
        ? reason
        : reason.alike.words(own.map(({ library }) => library));
    return { rows: own, cause, remedy };
  });
}

/** A reason, and the code of the finding that states it. */
export interface MissReason extends SharedReason {
  readonly code: 'LIBRARY_WRONG_TARGET' | 'HOST_PROVIDED' | 'LIBRARY_NOT_FOUND';
}

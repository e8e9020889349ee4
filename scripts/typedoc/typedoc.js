/** typedoc, from a directory of its own: it needs the compiler interface of TypeScript 6, which 7 no longer has. */
export { Application, LogLevel } from 'typedoc';

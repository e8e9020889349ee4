/** The part of node:child_process that commander calls, for subcommands that are other programs. */
export function spawn() {
  throw new Error('elfdeps runs nothing');
}

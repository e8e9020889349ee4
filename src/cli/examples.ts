/**
 * Examples of command lines, for help pages, the manual page and hints. Each line fits 80 columns with
 * what it is for.
 */
import type { CommandName } from './command.js';

/** A command line, and what it is for. */
export type Example = readonly [string, string];

const EXAMPLES: Readonly<Record<CommandName | '', readonly Example[]>> = {
  '': [
    ['elfdeps ./hello', 'what it needs, and where it is found'],
    ['elfdeps dockerfile ./hello', 'the COPY lines of an image for it'],
    ['elfdeps copy ./hello --to out', 'the same files as a tree'],
    ['elfdeps check ./hello --root alpine.tar', 'will it run in that image?'],
    ['elfdeps why ./hello libz.so.1', 'what needs that library?'],
  ],
  dockerfile: [
    ['elfdeps dockerfile ./hello:/app/hello', 'put the program at /app/hello'],
    ['elfdeps dockerfile --from builder /bin/curl', 'copy from the stage "builder"'],
    ['elfdeps dockerfile --with all /bin/curl', 'with all that it may open'],
  ],
  copy: [
    ['elfdeps copy ./hello --to out', 'a tree that chroot can start'],
    ['elfdeps copy /bin/ls --root alpine.tar --to out', 'from another root'],
  ],
  tar: [
    ['elfdeps tar ./hello | docker import - hello', 'an image from the files'],
    ['elfdeps tar ./hello -o hello.tar', 'the same in a file'],
  ],
  image: [
    ['elfdeps image ./hello -o hello.tar -t hello:1', 'for docker load'],
    ['elfdeps image ./hello -o hello.tar --layout oci', 'for skopeo, podman'],
  ],
  slim: [
    ['docker save nginx | elfdeps slim - | docker load', 'makes nginx:latest-slim'],
    ['elfdeps slim nginx.tar --dry-run', 'what would be kept'],
  ],
  check: [
    ['elfdeps check ./hello --root alpine.tar', 'will it run in that image?'],
    ['elfdeps check /usr/bin -f sarif -o out.sarif', 'for code scanning'],
  ],
  why: [
    ['elfdeps why ./hello libz.so.1', 'every chain from hello to libz.so.1'],
    ["elfdeps why /usr/bin/git 'libp*'", 'a pattern'],
  ],
  completion: [
    ['eval "$(elfdeps completion bash)"', 'in ~/.bashrc'],
    ['eval "$(elfdeps completion zsh)"', 'in ~/.zshrc, after compinit'],
    ['elfdeps completion fish | source', 'in config.fish'],
  ],
  help: [
    ['elfdeps help copy', 'the options of a command'],
    ['elfdeps help roots', 'a topic'],
  ],
};

/** The examples of a command; those of the report for ''. None for another name. */
export function examplesOf(name: string): readonly Example[] {
  return EXAMPLES[name as CommandName] ?? [];
}

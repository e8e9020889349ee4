/**
 * Plug-ins of GLib, GTK and Qt: files in a directory beside the library, opened when they are wanted.
 * Source: GLib gio/giomodule.c; gdk-pixbuf gdk-pixbuf-io.c; Qt QLibraryInfo.
 */
import { directoryOf } from '../loader/directory-of.js';
import type { NeedDetector } from './runtime-need.js';

/** A library, and the directories of its plug-ins, from where it is. */
const TOOLKITS: readonly (readonly [library: RegExp, directories: readonly string[]])[] = [
  [/^libgio-2\.0\.so/, ['gio/modules']],
  [/^libgdk_pixbuf-2\.0\.so/, ['gdk-pixbuf-2.0/2.10.0/loaders']],
  [
    /^libQt5Core\.so/,
    ['qt5/plugins/platforms', 'qt5/plugins/imageformats', 'qt/plugins/platforms'],
  ],
  [/^libQt6Core\.so/, ['qt6/plugins/platforms', 'qt6/plugins/imageformats', 'qt6/plugins/tls']],
];

export const toolkitPlugins: NeedDetector = {
  kind: 'plugins',
  summary: 'plug-ins of GLib, GTK and Qt',
  detect(context) {
    const found = TOOLKITS.flatMap(([name, below]) => {
      const library = context.loaded(name);
      if (library === undefined) return [];
      return below.map((path) => ({ library, directory: `${directoryOf(library.path)}/${path}` }));
    }).filter(({ directory }) => context.files.resolve(directory).found);
    if (found[0] === undefined) return undefined;
    return {
      because: `${found[0].library.path} is loaded`,
      confidence: 'likely',
      files: found.map(({ directory }) => directory),
      opens: found.flatMap(({ library, directory }) =>
        context
          .namesIn(directory)
          .filter((name) => name.endsWith('.so'))
          .map((name) => ({ name: `${directory}/${name}`, from: library.path })),
      ),
    };
  },
};

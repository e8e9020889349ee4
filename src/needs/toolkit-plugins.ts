/**
 * Plug-ins of GLib, GTK and Qt: files in a directory beside the library, opened when they are wanted.
 * For GSettings the schemas, without which it ends the program.
 * Source: GLib gio/giomodule.c, gio/gsettingsschema.c; gdk-pixbuf gdk-pixbuf-io.c; Qt QLibraryInfo.
 */
import { directoryOf } from '../root/path-text.js';
import { evidenceText } from './evidence.js';
import { defineNeed } from './need.js';

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

const SCHEMAS = '/usr/share/glib-2.0/schemas/gschemas.compiled';
/** libgio exports these and imports none of them. */
const SETTINGS = [
  'g_settings_new',
  'g_settings_new_full',
  'g_settings_new_with_path',
  'g_settings_schema_source_get_default',
];

export const toolkitPlugins = defineNeed({
  kind: 'plugins',
  summary: 'plug-ins of GLib, GTK and Qt',
  documentation: {
    evidence: 'GLib, gdk-pixbuf or Qt is loaded; an import of `g_settings_new` and its like',
    added: 'their directories of plug-ins; the schemas of GSettings',
    confidence: ['likely'],
  },
  detect(facts) {
    const found = TOOLKITS.flatMap(([name, below]) => {
      const library = facts.loaded(name);
      if (library === undefined) return [];
      return below.map((path) => ({ library, directory: `${directoryOf(library.path)}/${path}` }));
    }).filter(({ directory }) => facts.files.resolve(directory).found);
    const settings = facts.findImport(SETTINGS);
    const schemas = settings === undefined ? [] : facts.existing(SCHEMAS);
    const evidence = [
      ...found.slice(0, 1).map(({ library }) => `${library.path} is loaded`),
      ...(settings === undefined || schemas.length === 0 ? [] : [evidenceText(settings)]),
    ];
    if (evidence.length === 0) return undefined;
    return {
      because: evidence.join(', and '),
      confidence: 'likely',
      files: [...found.map(({ directory }) => directory), ...schemas],
      opens: found.flatMap(({ library, directory }) =>
        facts
          .namesIn(directory)
          .filter((name) => name.endsWith('.so'))
          .map((name) => ({ name: `${directory}/${name}`, from: library.path })),
      ),
    };
  },
});

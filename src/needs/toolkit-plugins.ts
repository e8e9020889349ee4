/**
 * Plug-ins of GLib, GTK and Qt, and modules of QML: files in a directory beside the library, opened when they are wanted.
 * For GSettings the schemas, without which it ends the program; the database that tells the types of files.
 * Source: GLib gio/giomodule.c, gio/gsettingsschema.c; gdk-pixbuf gdk-pixbuf-io.c; Qt QLibraryInfo.
 */
import { directoryOf } from '../root/path-text.js';
import { type Evidence, evidenceText } from './evidence.js';
import { loadableFiles } from './loadable-files.js';
import { defineNeed, type FoundNeed } from './need.js';

/** A library, where its plug-ins are from its own place, and the calls of a program that ends without them. */
interface Toolkit {
  readonly library: RegExp;
  readonly directories: readonly string[];
  readonly calls?: readonly string[];
}

const PIXBUF_CALLS = [
  'gdk_pixbuf_new_from_file',
  'gdk_pixbuf_new_from_file_at_size',
  'gdk_pixbuf_new_from_file_at_scale',
  'gdk_pixbuf_new_from_stream',
  'gdk_pixbuf_loader_new',
];
/** Constructors of QApplication and QGuiApplication. */
const QT_CALLS = ['_ZN12QApplicationC1ERiPPci', '_ZN15QGuiApplicationC1ERiPPci'];
/** Constructors of what runs QML, whose modules are below the directory of imports. */
const QML_CALLS = [
  '_ZN10QQmlEngineC1EP7QObject',
  '_ZN21QQmlApplicationEngineC1EP7QObject',
  '_ZN21QQmlApplicationEngineC1ERK4QUrlP7QObject',
  '_ZN10QQuickViewC1EP7QWindow',
  '_ZN10QQuickViewC1ERK4QUrlP7QWindow',
];

const TOOLKITS: readonly Toolkit[] = [
  { library: /^libgio-2\.0\.so/, directories: ['gio/modules'] },
  {
    library: /^libgdk_pixbuf-2\.0\.so/,
    // The list of the loaders stands beside their directory.
    directories: ['gdk-pixbuf-2.0/2.10.0/loaders', 'gdk-pixbuf-2.0/2.10.0/loaders.cache'],
    calls: PIXBUF_CALLS,
  },
  {
    library: /^libQt5Core\.so/,
    directories: ['qt5/plugins/platforms', 'qt/plugins/platforms'],
    calls: QT_CALLS,
  },
  { library: /^libQt5Core\.so/, directories: ['qt5/plugins/imageformats'] },
  { library: /^libQt6Core\.so/, directories: ['qt6/plugins/platforms'], calls: QT_CALLS },
  { library: /^libQt5Qml\.so/, directories: ['qt5/qml', 'qt/qml'], calls: QML_CALLS },
  { library: /^libQt6Qml\.so/, directories: ['qt6/qml'], calls: QML_CALLS },
  { library: /^libQt6Core\.so/, directories: ['qt6/plugins/imageformats', 'qt6/plugins/tls'] },
];

const SCHEMAS = '/usr/share/glib-2.0/schemas/gschemas.compiled';
/** libgio exports these and imports none of them. */
const SETTINGS = [
  'g_settings_new',
  'g_settings_new_full',
  'g_settings_new_with_path',
  'g_settings_schema_source_get_default',
];
const FILE_TYPES = '/usr/share/mime/mime.cache';
/** Calls that tell the type of a file; the others are of QMimeDatabase. */
const TYPE_CALLS = [
  'g_content_type_guess',
  'g_content_type_from_mime_type',
  'g_file_query_info',
  'g_file_enumerate_children',
  '_ZN13QMimeDatabaseC1Ev',
];

export const toolkitPlugins = defineNeed({
  kind: 'plugins',
  summary: 'plug-ins of GLib, GTK and Qt, schemas of GSettings, types of files',
  documentation: {
    evidence:
      'GLib, gdk-pixbuf or Qt is loaded; sure where the program itself opens pictures by gdk-pixbuf, is a QApplication or runs QML, and with an import of `g_settings_new` or `g_content_type_guess` and their like',
    added:
      'their directories of plug-ins; the schemas of GSettings; the cache of the shared MIME database',
    confidence: ['sure', 'likely'],
  },
  detect(facts) {
    const needs: FoundNeed[] = [];
    const add = (evidence: readonly Evidence[], files: readonly string[], isSure: boolean) => {
      const [first] = evidence;
      if (first === undefined || files.length === 0) return;
      const from = first.object.path;
      const { libraries } = loadableFiles(facts.files, files);
      needs.push({
        because: evidence.map(evidenceText).join(', and '),
        confidence: isSure ? 'sure' : 'likely',
        files,
        opens: libraries.map((name) => ({ name, from })),
      });
    };
    const found = TOOLKITS.flatMap((toolkit) => {
      const object = facts.loaded(toolkit.library);
      if (object === undefined) return [];
      const call = facts.findOwnImport(toolkit.calls ?? []);
      const files = toolkit.directories.flatMap((path) =>
        facts.existing(`${directoryOf(object.path)}/${path}`),
      );
      const evidence: Evidence = call ?? { object, text: 'is loaded' };
      return files.length === 0 ? [] : [{ evidence, files, isSure: call !== undefined }];
    });
    const databases = [
      { evidence: facts.findImport(SETTINGS), files: facts.existing(SCHEMAS) },
      { evidence: facts.findImport(TYPE_CALLS), files: facts.existing(FILE_TYPES) },
    ].flatMap(({ evidence, files }) =>
      evidence === undefined || files.length === 0 ? [] : [{ evidence, files, isSure: true }],
    );
    for (const isSure of [true, false]) {
      const all = [...found, ...databases].filter((each) => each.isSure === isSure);
      add(
        all.map(({ evidence }) => evidence),
        all.flatMap(({ files }) => files),
        isSure,
      );
    }
    return needs;
  },
});

/**
 * The archive of `docker save` as a layout kind: manifest.json lists images, each with its configuration
 * and its layers.
 * Source: moby image/tarexport (load.go, save.go).
 */
import { ArchiveError } from '../../errors.js';
import type { Root } from '../root.js';
import type { LayoutKind, StoredImage } from './archive-kind.js';
import { ContainerJson, type Json, objects, platformOf, text, texts } from './container-json.js';

const LIST = '/manifest.json';

export const dockerSave: LayoutKind = {
  name: 'a docker-save archive',
  layout: 'docker',
  images(container: Root, path: string): StoredImage[] | undefined {
    const json = new ContainerJson(container, path);
    const entries = json.hasFile(LIST) ? entriesIn(json) : [];
    const isManifest = (entry: Json) => text(entry.Config) !== undefined && isList(entry.Layers);
    // Other archives may have a file of that name.
    if (entries.length === 0 || !entries.every(isManifest)) return undefined;
    return entries.map((entry) => {
      const config = text(entry.Config) as string;
      const configuration = json.read(`/${config}`);
      const digest = `sha256:${config.replace(/^blobs\/sha256\/|\.json$/g, '')}`;
      return {
        names: texts(entry.RepoTags),
        platform: platformOf(configuration),
        digest,
        config: digest,
        configuration,
        layers: texts(entry.Layers).map((layer) => `/${layer}`),
      };
    });
  },
};

function entriesIn(json: ContainerJson): Json[] {
  try {
    return objects(json.parse(LIST));
  } catch (error) {
    if (error instanceof ArchiveError) return [];
    throw error;
  }
}

function isList(value: unknown): boolean {
  return Array.isArray(value);
}

/**
 * Names of images: the full one with registry and tag, and the short one that people use. Both ways of
 * writing name the same image.
 * Source: distribution/reference normalize.go (ParseNormalizedNamed, TagNameOnly, FamiliarName).
 */

const REGISTRY = 'docker.io';

/** `app` as `docker.io/library/app:latest`. What is full already, or no name at all, stays as it is. */
export function fullName(name: string): string {
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const isRegistry = /[.:]|^localhost$|\p{Lu}/u.test(first);
  const registry = isRegistry ? first.replace(/^index\.docker\.io$/, REGISTRY) : REGISTRY;
  const rest = isRegistry ? name.slice(slash + 1) : name;
  const path = registry === REGISTRY && !rest.includes('/') ? `library/${rest}` : rest;
  const isTagged = path.includes('@') || path.lastIndexOf(':') > path.lastIndexOf('/');
  return `${registry}/${path}${isTagged ? '' : ':latest'}`;
}

/** Without `docker.io/` and `library/`; the tag stays. */
export function shortName(name: string): string {
  const candidates = [`${REGISTRY}/library/`, `${REGISTRY}/`]
    .filter((start) => name.startsWith(start))
    .map((start) => name.slice(start.length));
  return candidates.find((short) => fullName(short) === fullName(name)) ?? name;
}

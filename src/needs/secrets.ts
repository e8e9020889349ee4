/**
 * Which files are secrets. elfdeps never adds one unasked, whatever need copies the directory around it:
 * a note names it, and `--include` with its own path adds it.
 */
import { madeOncePerPath } from '../files/made-once-per-path.js';
import type { RootFiles } from '../files/root-files.js';
import { findPackages } from '../packages/find-packages.js';
import { holdsPasswords } from '../root/accounts.js';
import { compareBytes } from '../root/byte-order.js';
import { baseName } from '../root/path-text.js';
import type { Entry, RealPath } from '../root/root.js';
import { type BroughtFile, type CopiedDirectory, partWithout } from './copied-directory.js';

/** Paths that may go into an image, and what was taken out of them. */
export interface PublicPaths {
  /** Files and directories; a directory has no secret below it. */
  readonly paths: readonly string[];
  /** Files of the root, and links to them, in byte order. */
  readonly secrets: readonly string[];
}

/** What the system itself keeps from its users, and what engines mount for one container. */
const SYSTEM = /^\/(?:etc\/g?shadow-?$|(?:var\/)?run\/secrets(?:\/|$))/;
/** The accounts of a system. Systems without /etc/shadow have the hashes of passwords in these. */
export const ACCOUNTS = /^\/etc\/(?:passwd|group)-?$/;
/** Directories whose every file is about one person's access. */
const PRIVATE_DIRECTORY = /\/\.(?:ssh|aws|azure|gnupg|kube|password-store)\/|\/\.config\/gcloud\//;
/** Files in which tools keep passwords and tokens, in a home directory or beside an application. */
const CREDENTIALS =
  /^(?:\.npmrc|\.yarnrc\.yml|[._]netrc|\.pypirc|\.pgpass|\.my\.cnf|\.git-credentials|\.dockercfg|\.htpasswd|\.vault-token|\.s3cfg|\.boto|\.env(?:\.(?!example$|sample$|template$|dist$|defaults$).*)?|id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|ssh_host_\w+_key)$/;
/** The same for names that mean a secret only in one directory. */
const CREDENTIAL_PATH =
  /\/(?:\.docker\/config\.json|\.cargo\/credentials(?:\.toml)?|\.gem\/credentials|\.bundle\/config|\.composer\/auth\.json|\.m2\/settings\.xml|containers\/auth\.json)$/;

/** What a package brings is the same on every machine: there only the names of keys are looked into. */
const OF_PACKAGES = /^\/(?:usr\/(?!local\/)|lib(?:32|64|x32)?\/|bin\/|sbin\/)/;
const KEY_NAME = /\.(?:pem|key)$/i;
/** Programs and documents that mention keys without holding one, and files without text. */
const NO_KEY =
  /\.(?:[cm]?[jt]sx?|py[co]?|pyi|rb|p[ml]|php|lua|tcl|java|class|jar|so|node|wasm|map|html?|css|svg|png|jpe?g|gif|woff2?|ttf|otf|mo|md|rst|gz|zip|whl)$/i;
const PRIVATE_KEY = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----\r?\n/;
/**
 * A line of a user and the hash of a password, as of htpasswd. Source: crypt(5), whose hashes begin with the
 * name of a method; RFC 2307 for those in braces.
 */
const USER_WITH_HASH =
  /^[^\s:$]+:(?:(?:\{[\w.-]+\})?\$(?:apr1|1|2[abxy]?|5|6|7|y|gy|scrypt|argon2\w*|pbkdf2[\w-]*)\$[^\s:]*\$|\{S?(?:SHA|MD5|CRYPT)[\w.-]*\}[\w./+]{3})/m;
const MOST_KEY_BYTES = 1 << 20;

/** Answers of one run: a directory is looked through once. The path, and behind a NUL each what stays behind. */
const publicPart = madeOncePerPath((files, key) => {
  const [path = '', ...except] = key.split('\0');
  return findPublicPart(files, { path, except });
});

/**
 * The paths without the secrets at and below them. A directory with a secret gives way to what else is
 * in it. Paths that lead nowhere are left out. Names and real paths in `except` are not looked at: they are
 * not copied.
 */
export function withoutSecrets(
  files: RootFiles,
  paths: readonly string[],
  except: readonly string[] = [],
): PublicPaths {
  const all = paths.map((path) => publicPart(files, [path, ...except].join('\0')));
  return {
    paths: all.flatMap((part) => part.paths),
    secrets: [...new Set(all.flatMap(({ secrets }) => secrets))].sort(compareBytes),
  };
}

function findPublicPart(files: RootFiles, copied: CopiedDirectory): PublicPaths {
  const { path } = copied;
  const start = files.resolve(path);
  if (!start.found) return { paths: [], secrets: [] };
  if (start.entry.kind !== 'directory')
    return isSecret(files, path, start.path, start.entry)
      ? { paths: [], secrets: [path] }
      : { paths: [path], secrets: [] };
  if (path !== start.path && isPrivateDirectory(path)) return { paths: [], secrets: [start.path] };
  const part = partWithout(files, copied, (file) => isSecretThere(files, file));
  if (part === undefined) return { paths: [path], secrets: [] };
  return { paths: part.paths, secrets: part.taken.map((file) => file.path).sort(compareBytes) };
}

/** Also of a link: an image would get what it leads to. */
function isSecretThere(files: RootFiles, { path, entry, target }: BroughtFile): boolean {
  if (entry.kind === 'file') return isSecret(files, path, path, entry);
  if (target === undefined) return false;
  if (target.entry.kind === 'directory') return isPrivateDirectory(path);
  return target.entry.kind === 'file' && isSecret(files, path, target.path, target.entry);
}

function isPrivateDirectory(path: string): boolean {
  return SYSTEM.test(path) || PRIVATE_DIRECTORY.test(`${path}/`);
}

function isSecret(files: RootFiles, shown: string, path: RealPath, entry: Entry): boolean {
  if (SYSTEM.test(shown) || SYSTEM.test(path)) return true;
  if (entry.kind !== 'file') return false;
  if (isCredential(path) || isCredential(shown)) return true;
  const isReadable = (entry.mode & 0o044) !== 0;
  // An empty file has nothing to hide: /etc/security/opasswd of a new system.
  if (!isReadable && entry.size > 0 && findPackages(files).database?.ownerOf(path) === undefined)
    return true;
  if (ACCOUNTS.test(path)) return holdsPasswords(files.readText(path) ?? '');
  return holdsSecret(files, path, entry);
}

/** Whether a path is one where engines mount secrets for one container. */
export function isSecretOfRun(path: string): boolean {
  return SYSTEM.test(path) && path.includes('/run/');
}

function isCredential(path: string): boolean {
  return (
    CREDENTIALS.test(baseName(path)) || PRIVATE_DIRECTORY.test(path) || CREDENTIAL_PATH.test(path)
  );
}

const HASH_STARTS = [':$', ':{'];

function hasHash(bytes: Buffer): boolean {
  return !bytes.includes(0) && USER_WITH_HASH.test(bytes.toString('latin1'));
}

/** A private key, or hashes of passwords. */
function holdsSecret(files: RootFiles, path: RealPath, { size }: Entry): boolean {
  const isAsked = OF_PACKAGES.test(path) ? KEY_NAME.test(path) : !NO_KEY.test(path);
  if (!isAsked || size === 0 || size > MOST_KEY_BYTES) return false;
  const bytes = files.readBytes(path, MOST_KEY_BYTES);
  if (bytes === undefined) return false;
  // Searching bytes is faster, and most files have no such words.
  if (bytes.includes('PRIVATE KEY') && PRIVATE_KEY.test(bytes.toString('latin1'))) return true;
  return HASH_STARTS.some((start) => bytes.includes(start)) && hasHash(bytes);
}

/**
 * How the kernel starts a program for a user: whose rights the process has, and whether it has more
 * than the user. Scripts get none of it: their interpreter is what is started.
 * Source: Linux fs/exec.c (bprm_fill_uid), security/commoncap.c (cap_bprm_creds_from_file,
 * handle_privileged_root); linux/capability.h for the value of security.capability.
 */
import type { ProcessRights, SecureCause } from '../loader/process-rights.js';
import type { Entry, Root } from '../root/root.js';
import { closedDirectory, mayRead, ROOT_USER, SET_USER_ID, type User } from '../root/user.js';

const SET_GROUP_ID = 0o2000;
/** Without it, set-group-ID means mandatory locking. */
const GROUP_EXECUTE = 0o010;

const REVISION_MASK = 0xff000000;
const REVISION_1 = 0x01000000;
const REVISION_3 = 0x03000000;
const EFFECTIVE = 1;
/** CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH. */
const READS_ALL = (1 << 1) | (1 << 2);

/** What security.capability gives to a process. */
interface FileCapabilities {
  readonly isEffective: boolean;
  readonly isPermitted: boolean;
  readonly readsAll: boolean;
}

/** The rights of the process, and whose they are after the start. */
export interface ProgramStart {
  readonly rights: ProcessRights;
  /** The same text for starts with the same rights. */
  readonly key: string;
}

/**
 * How a file is started by a user. With `isStrict`, the user may read only what the modes of files let
 * them. `capability` gives the file's attribute, and is called only where it matters.
 */
export function startProgram(
  root: Root,
  entry: Entry,
  user: User,
  isStrict: boolean,
  capability: () => Uint8Array | undefined,
): ProgramStart {
  const setsUser = (entry.mode & SET_USER_ID) !== 0;
  const setsGroup = (entry.mode & SET_GROUP_ID) !== 0 && (entry.mode & GROUP_EXECUTE) !== 0;
  const uid = setsUser ? (entry.uid ?? 0) : user.uid;
  const gid = setsGroup ? (entry.gid ?? 0) : user.gid;
  const given = user.uid === 0 ? undefined : parseCapability(capability());
  const secure = causeOf({ setsUser: uid !== user.uid, setsGroup: gid !== user.gid, given });
  const owner: User = given?.readsAll ? ROOT_USER : { ...user, uid, gid };
  const mayReadFile: ProcessRights['mayRead'] = (file) =>
    file.entry.kind !== 'file' ||
    (mayRead(owner, file.entry) && closedDirectory(root, owner, file) === undefined);
  return {
    rights: { secure, mayRead: isStrict ? mayReadFile : () => true },
    key: isStrict ? `${secure}\0${owner.uid}\0${owner.gid}` : `${secure}`,
  };
}

/** The same start, as if the program gave no rights that count as secure execution. */
export function trustedStart({ rights, key }: ProgramStart): ProgramStart {
  return { rights: { ...rights, secure: undefined }, key: `trusted\0${key}` };
}

function causeOf({
  setsUser,
  setsGroup,
  given,
}: {
  readonly setsUser: boolean;
  readonly setsGroup: boolean;
  readonly given?: FileCapabilities;
}): SecureCause | undefined {
  if (setsUser) return 'set-user-ID';
  if (setsGroup) return 'set-group-ID';
  return given?.isEffective || given?.isPermitted ? 'capabilities' : undefined;
}

/** Undefined where there is no value, or none that a kernel of the first user namespace takes. */
function parseCapability(value: Uint8Array | undefined): FileCapabilities | undefined {
  if (value === undefined || value.length < 12) return undefined;
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  const magic = view.getUint32(0, true);
  const revision = (magic & REVISION_MASK) >>> 0;
  // Another owner than root gives rights in a user namespace of its own.
  if (revision === REVISION_3 && (value.length < 24 || view.getUint32(20, true) !== 0))
    return undefined;
  const low = view.getUint32(4, true);
  const high = revision === REVISION_1 || value.length < 20 ? 0 : view.getUint32(12, true);
  const isEffective = (magic & EFFECTIVE) !== 0;
  return {
    isEffective,
    isPermitted: low !== 0 || high !== 0,
    readsAll: isEffective && (low & READS_ALL) !== 0,
  };
}

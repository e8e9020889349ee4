/**
 * The needs that no DT_NEEDED shows: the only list of them.
 */
import { certificates } from '../needs/certificates.js';
import { commands } from '../needs/commands.js';
import { compiler } from '../needs/compiler.js';
import { configuration } from '../needs/configuration.js';
import { dlopenNotes } from '../needs/dlopen-notes.js';
import { dlopenTexts } from '../needs/dlopen-texts.js';
import { fonts } from '../needs/fonts/fonts.js';
import { gconv, gconvAll } from '../needs/gconv.js';
import { hostLibraries } from '../needs/host-libraries.js';
import { hosts } from '../needs/hosts.js';
import { internationalNames } from '../needs/international-names.js';
import { java } from '../needs/java.js';
import { libgcc } from '../needs/libgcc.js';
import { locale } from '../needs/locale.js';
import { modules } from '../needs/modules.js';
import type { NeedDetector } from '../needs/need.js';
import { nss } from '../needs/nss.js';
import { opensslModules } from '../needs/openssl-modules.js';
import { otherModules } from '../needs/other-modules.js';
import { data } from '../needs/own-data.js';
import { packed } from '../needs/packed.js';
import { pam } from '../needs/pam.js';
import { services } from '../needs/services.js';
import { shell } from '../needs/shell.js';
import { state } from '../needs/state.js';
import { staticDlopen } from '../needs/static-dlopen.js';
import { staticGconv } from '../needs/static-gconv.js';
import { staticNameServices } from '../needs/static-name-services.js';
import { temporaryDirectory } from '../needs/temporary-directory.js';
import { terminfo } from '../needs/terminfo.js';
import { timeZones } from '../needs/time-zones.js';
import { toolkitPlugins } from '../needs/toolkit-plugins.js';
import { users } from '../needs/users.js';

/** Every need that no DT_NEEDED shows, in the order in which it is told. */
export const needDetectors = [
  dlopenNotes,
  libgcc,
  nss,
  users,
  hosts,
  services,
  gconv,
  locale,
  timeZones,
  certificates,
  temporaryDirectory,
  terminfo,
  pam,
  shell,
  java,
  modules,
  otherModules,
  data,
  configuration,
  state,
  commands,
  compiler,
  fonts,
  opensslModules,
  toolkitPlugins,
  internationalNames,
  gconvAll,
  staticNameServices,
  staticGconv,
  dlopenTexts,
  staticDlopen,
  packed,
  hostLibraries,
] as const satisfies readonly NeedDetector[];

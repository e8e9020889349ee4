/**
 * Which versions of the GNU libraries the long-lived distributions came with: so that a version of
 * a symbol can be told as the name of a system.
 * Sources: the packages libc6, libstdc++6 and libgcc-s1 of each release, and the version history of
 * the manual of libstdc++ ("ABI Policy and Guidelines"). Kernels are not here: a container has the
 * kernel of its host.
 */

/** What one release of a distribution offers; each is the highest version that is defined there. */
export interface Distribution {
  readonly name: string;
  readonly release: string;
  readonly GLIBC: string;
  readonly GLIBCXX: string;
  readonly CXXABI: string;
  /** Of libgcc_s, whose versions are named after the compiler. */
  readonly GCC: string;
}

/** GLIBCXX, CXXABI and GCC by the release of GCC that the run-time libraries are from. */
const RUNTIMES = {
  4.4: ['3.4.13', '1.3.3', '4.4.0'],
  4.8: ['3.4.19', '1.3.7', '4.8.0'],
  4.9: ['3.4.20', '1.3.8', '4.8.0'],
  5: ['3.4.21', '1.3.9', '4.8.0'],
  6: ['3.4.22', '1.3.10', '4.8.0'],
  7: ['3.4.24', '1.3.11', '7.0.0'],
  8: ['3.4.25', '1.3.11', '7.0.0'],
  10: ['3.4.28', '1.3.12', '7.0.0'],
  11: ['3.4.29', '1.3.13', '7.0.0'],
  12: ['3.4.30', '1.3.13', '12.0.0'],
  14: ['3.4.33', '1.3.15', '14.0.0'],
} as const;

const of = (
  name: string,
  release: string,
  GLIBC: string,
  gcc: keyof typeof RUNTIMES,
): Distribution => {
  const [GLIBCXX, CXXABI, GCC] = RUNTIMES[gcc];
  return { name, release, GLIBC, GLIBCXX, CXXABI, GCC };
};

/** By name, the oldest release of each first. */
export const distributions: readonly Distribution[] = [
  of('Debian', '8', '2.19', 4.9),
  of('Debian', '9', '2.24', 6),
  of('Debian', '10', '2.28', 8),
  of('Debian', '11', '2.31', 10),
  of('Debian', '12', '2.36', 12),
  of('Debian', '13', '2.41', 14),
  of('Ubuntu', '16.04', '2.23', 5),
  of('Ubuntu', '18.04', '2.27', 8),
  of('Ubuntu', '20.04', '2.31', 10),
  of('Ubuntu', '22.04', '2.35', 12),
  of('Ubuntu', '24.04', '2.39', 14),
  of('RHEL', '6', '2.12', 4.4),
  of('RHEL', '7', '2.17', 4.8),
  of('RHEL', '8', '2.28', 8),
  of('RHEL', '9', '2.34', 11),
  of('RHEL', '10', '2.39', 14),
];

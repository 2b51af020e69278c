/**
 * Where the control groups of this process can be seen: `/proc/self/cgroup` names them, and
 * `/proc/self/mountinfo` tells which part of their hierarchies is mounted where.
 */

type ReadText = (path: string) => string | undefined;

/** One group of this process and what is visible above it. */
export interface CgroupFolders {
  readonly version: 1 | 2;
  /** From the group of this process upwards to the highest that is mounted. */
  readonly folders: readonly string[];
}

interface Membership {
  readonly version: 1 | 2;
  readonly controllers: readonly string[];
  readonly path: string;
}

interface Mount {
  readonly version: 1 | 2;
  readonly controllers: readonly string[];
  /** Which group the mount point shows, in the words of `/proc/self/cgroup`. */
  readonly root: string;
  readonly point: string;
}

/** The folders in which a limit by `controller` would be found. */
export function cgroupFolders(readText: ReadText, controller: string): CgroupFolders[] {
  const mounts = mountsIn(readText('/proc/self/mountinfo') ?? '');
  return membershipsIn(readText('/proc/self/cgroup') ?? '')
    .filter(({ version, controllers }) => version === 2 || controllers.includes(controller))
    .flatMap((membership) => foldersOf(membership, mounts, controller));
}

/** A line reads `4:cpu,cpuacct:/a/b` (version 1) or `0::/a/b` (version 2). */
function membershipsIn(text: string): Membership[] {
  return text.split('\n').flatMap((line) => {
    const [number, controllers, ...path] = line.split(':');
    if (controllers === undefined || path.length === 0) return [];
    const version = number === '0' && controllers === '' ? 2 : 1;
    return [{ version, controllers: controllers.split(','), path: path.join(':') }];
  });
}

/** A line reads `36 35 0:30 ROOT POINT options tags… - TYPE source options`. */
function mountsIn(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [left = '', right = ''] = line.split(' - ');
    const [, , , root, point] = left.split(' ');
    const [type, , options = ''] = right.split(' ');
    if (root === undefined || point === undefined || (type !== 'cgroup' && type !== 'cgroup2')) return [];
    const version = type === 'cgroup2' ? 2 : 1;
    return [{ version, controllers: options.split(','), root: unescape(root), point: unescape(point) }];
  });
}

/** Spaces and the like are written as three octal digits. */
function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/gu, (_, digits: string) => String.fromCodePoint(Number(`0o${digits}`)));
}

function foldersOf(
  { version, path }: Membership,
  mounts: readonly Mount[],
  controller: string,
): CgroupFolders[] {
  const fitting = mounts.filter(
    (mount) => mount.version === version && (version === 2 || mount.controllers.includes(controller)),
  );
  const found = fitting.flatMap(({ root, point }) => {
    const names = namesBelow(path, root);
    return names === undefined ? [] : [{ version, folders: foldersUpward(point, names) }];
  });
  if (found.length > 0) return found;
  // Seen from inside a container the group may lie outside of all that is mounted. Then what is mounted is
  // the container's own group, and its limits are the best that can be known.
  return fitting.map(({ point }) => ({ version, folders: [point] }));
}

/**
 * The names that lead from one group down to another, or `undefined` when it is not below. In a control
 * group namespace, paths above its root begin with `..`; what lies on the way back down has no name there.
 */
function namesBelow(path: string, root: string): string[] | undefined {
  const names = namesIn(path);
  const above = namesIn(root);
  if (!above.every((name, index) => names[index] === name)) return undefined;
  const below = names.slice(above.length);
  return below.includes('..') ? undefined : below;
}

function namesIn(path: string): string[] {
  return path.split('/').filter((name) => name !== '');
}

function foldersUpward(point: string, names: readonly string[]): string[] {
  const mountPoint = point === '/' ? '' : point;
  return [...names.map((_, index) => names.slice(0, names.length - index)), []].map((part) =>
    [mountPoint, ...part].join('/'),
  );
}

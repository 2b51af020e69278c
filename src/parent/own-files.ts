/**
 * What a child has to read before any of the user's code: this package and the packages it depends on. Under
 * Node's permission model it is granted without being asked for.
 */
import { existsSync, lstatSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { childEntry } from './child-entry.ts';

/** Absolute paths of folders and files; both ways to a package that is linked into its place. */
export function ownFiles(): readonly string[] {
  const root = packageRoot(dirname(childEntry));
  if (root === undefined) return [dirname(childEntry)];
  const own = ['dist', 'src', 'machines', 'package.json'].map((name) => join(root, name));
  return [...new Set([...own, ...linksTo(root), ...dependenciesOf(root, new Set())])];
}

/** Package managers that link packages into their places: tasks that import this one find it by its link. */
function linksTo(root: string): string[] {
  const starts = [process.cwd(), dirname(resolve(process.argv[1] ?? '.'))];
  const folders = new Set(starts.flatMap((start) => upward(start)));
  const name = String(fieldOf(root, 'name'));
  const places = [...folders].map((folder) => join(folder, 'node_modules', name));
  return places.filter((place) => place !== root && existsSync(place) && realpathSync(place) === root);
}

function packageRoot(start: string): string | undefined {
  for (const folder of upward(start)) if (existsSync(join(folder, 'package.json'))) return folder;
  return undefined;
}

function dependenciesOf(packageFolder: string, seen: Set<string>): string[] {
  if (seen.has(packageFolder)) return [];
  seen.add(packageFolder);
  const paths: string[] = [];
  for (const name of dependencyNames(packageFolder)) {
    const around = upward(packageFolder).map((folder) => join(folder, 'node_modules', name));
    const found = around.find((folder) => existsSync(folder));
    if (found === undefined) continue;
    const real = realpathSync(found);
    paths.push(...linksAbove(found), found, real, ...dependenciesOf(real, seen));
  }
  return paths;
}

/** Node reads a link before it follows it: `node_modules` itself, or the folder of a scope, may be one. */
function linksAbove(packageFolder: string): string[] {
  const folder = dirname(packageFolder);
  const isLink = lstatSync(folder).isSymbolicLink();
  const above = basename(folder) === 'node_modules' ? [] : linksAbove(folder);
  return isLink ? [...above, folder] : above;
}

function dependencyNames(packageFolder: string): string[] {
  return Object.keys(Object(fieldOf(packageFolder, 'dependencies')));
}

function fieldOf(packageFolder: string, field: string): unknown {
  const manifest: unknown = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  return Reflect.get(Object(manifest), field);
}

/** The folder, and all around it. */
function upward(start: string): string[] {
  const parent = dirname(start);
  return parent === start ? [start] : [start, ...upward(parent)];
}

/** Node's flags as users give them: in a list, or in the text of NODE_OPTIONS. */

/** The flags among `args` that are in `names`: `--allow_worker=x` is found as `--allow-worker`. */
export function flagsAmong(args: readonly string[], names: ReadonlySet<string>): string[] {
  return args.filter((argument) => names.has(flagName(argument)));
}

/** The words of NODE_OPTIONS. Quotes stay in them: flags' names have none. */
export function wordsOf(nodeOptions: string | undefined): string[] {
  return (nodeOptions ?? '').split(/\s+/u).filter((word) => word !== '');
}

/** The name alone, as Node understands it. */
function flagName(argument: string): string {
  const [name = ''] = argument.split('=', 1);
  return name.startsWith('--') ? name.replaceAll('_', '-') : name;
}

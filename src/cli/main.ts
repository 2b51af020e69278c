#!/usr/bin/env node
/** The command line: finds the command, runs it, and turns what it says into an exit code. */
import process from 'node:process';
import { demoHelp, readDemoOptions } from './demo-options.ts';
import { runDemo } from './demo.ts';
import { packageVersion } from './package-root.ts';
import { UsageError } from './usage-error.ts';
import { readVerifyOptions, verifyHelp } from './verify-options.ts';

const help = `troupe: process pools for Node.js that cannot hang

Usage: troupe <command> [options]

Commands
  demo [folder]   work on real files while workers are killed, and lose nothing
  verify          explore every moment of the pool's machines, or of yours

Options
  -h, --help      show this, or the options of a command: troupe demo --help
  -v, --version   show the version

Exit codes: 0 all is well, 1 the command found something wrong, 2 the command line was not understood, or the
command could not be finished.
`;

/** Runs one command line; the answer is the exit code. */
async function main(commandLine: readonly string[]): Promise<number> {
  const [command, ...rest] = commandLine;
  switch (command) {
    case 'demo':
      if (rest.includes('--help') || rest.includes('-h')) return say(demoHelp);
      return runDemo(readDemoOptions(rest));
    case 'verify': {
      if (rest.includes('--help') || rest.includes('-h')) return say(verifyHelp);
      // Most calls of this program need none of it.
      const { runVerify } = await import('./verify.ts');
      return runVerify(readVerifyOptions(rest));
    }
    case '--version':
    case '-v':
      return say(`${packageVersion()}\n`);
    case '--help':
    case '-h':
    case 'help':
      return say(help);
    case undefined:
      throw new UsageError('Which command? There is troupe demo and troupe verify.');
    default:
      throw new UsageError(`There is no command '${command}'. There is troupe demo and troupe verify.`);
  }
}

function say(words: string): number {
  process.stdout.write(words);
  return 0;
}

const commandHelp = (command: string | undefined): string =>
  command === 'demo' || command === 'verify' ? `${command} --help` : '--help';

// Whoever reads along may have enough: `troupe verify --list | head -1`. A shell knows this exit code.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(141);
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`troupe: ${error.message}\nTry troupe ${commandHelp(process.argv[2])}.\n`);
  process.exitCode = 2;
}

/** What goes by reference: exports of modules, and the errors when they are not there. */
import { describe, expect, test } from 'vitest';
import { fileURLToPath } from 'node:url';
import fs from 'node:fs';
import { NotSerializableError } from '../../../src/errors.ts';
import { here, only, rebuilder } from './rebuild-samples.ts';

const single = fileURLToPath(new URL('../../fixtures/references/single.cjs', here));
const several = fileURLToPath(new URL('../../fixtures/references/several.cjs', here));

describe('exports of modules', () => {
  test('are imported once, and had at once after that', async () => {
    const asked: unknown[] = [];
    const made = rebuilder([], {
      importModule: async (...args) => {
        asked.push(args);
        return { x: 1, default: { y: 2 } };
      },
    });
    const node = { k: 'module', specifier: './m.js', from: here } as const;
    const graph = {
      nodes: [
        { ...node, name: 'x' },
        { ...node, name: 'y' },
        { ...node, name: '*', attributes: { type: 'json' } },
      ],
      roots: [[0], [1], [2]] as const,
    };
    const first = made.rebuild(graph, []);
    expect(first).toBeInstanceOf(Promise);
    expect(await first).toEqual([1, 2, { x: 1, default: { y: 2 } }]);
    const count = asked.length;
    expect(made.rebuild(graph, [])).toEqual([1, 2, { x: 1, default: { y: 2 } }]);
    expect(asked).toHaveLength(count);
    expect(asked.at(-1)).toEqual(['./m.js', here, { type: 'json' }]);
  });

  test('of Node itself need no import, but for a namespace', async () => {
    const made = rebuilder();
    const [readFile, all] = made.rebuild(
      {
        nodes: [
          { k: 'module', specifier: 'node:fs', name: 'readFile', from: null },
          { k: 'module', specifier: 'fs', name: 'default', from: here },
        ],
        roots: [[0], [1]],
      },
      [],
    ) as unknown[];
    expect([readFile === fs.readFile, all === fs]).toEqual([true, true]);
    const graph = {
      nodes: [{ k: 'module', specifier: 'node:fs', name: '*', from: null }],
      roots: [[0]],
    } as const;
    expect(await made.rebuild(graph, [])).toEqual([await import('node:fs')]);
  });

  test('that are not there are missed by name', () => {
    const nodes = [{ k: 'module', specifier: 'node:fs', name: 'nothing', from: null }] as const;
    expect(() => only(rebuilder(), nodes)).toThrow(NotSerializableError);
    expect(() => only(rebuilder(), nodes)).toThrow(/'node:fs' has no export `nothing`\. It exports/u);
  });

  test('of a class that lacks what it had are refused', async () => {
    class Lazy {
      parse(): void {}
    }
    const made = rebuilder([], { importModule: async () => ({ Lazy }) });
    const nodes = [
      { k: 'module', specifier: 'zod', name: 'Lazy', from: here, expects: ['parse', 'optional', 'toString'] },
    ] as const;
    const refusal = made.rebuild({ nodes, roots: [[0]] }, []);
    await expect(refusal).rejects.toThrow(
      /The class `Lazy` of 'zod' has no optional in the worker\..*initialize/u,
    );
  });

  test('whose import fails are tried again', async () => {
    let count = 0;
    const made = rebuilder([], {
      importModule: async () => {
        count += 1;
        if (count === 1) throw new Error('not yet');
        return { x: 1 };
      },
    });
    const graph = { nodes: [{ k: 'module', specifier: 'x', name: 'x', from: null }], roots: [[0]] } as const;
    await expect(made.rebuild(graph, [])).rejects.toThrow('not yet');
    expect(await made.rebuild(graph, [])).toEqual([1]);
  });
});

describe('CommonJS', () => {
  test('exports are required', () => {
    expect(only(rebuilder(), [{ k: 'commonjs', file: single, name: null }])(1)).toBe(15);
    expect(only(rebuilder(), [{ k: 'require', file: several }])('./single.cjs')(1)).toBe(15);
  });

  test('exports that are not there are missed by name', () => {
    expect(() => only(rebuilder(), [{ k: 'commonjs', file: several, name: 'nothing' }])).toThrow(
      /several\.cjs has no export `nothing`\. It exports \w/u,
    );
    const nodes = [{ k: 'commonjs', file: single, name: null, expects: ['gone'] }] as const;
    expect(() => only(rebuilder(), nodes)).toThrow('has no gone in the worker');
  });
});

test('nothing warns of how imports are made', async () => {
  const warnings: string[] = [];
  const note = (warning: Error): number => warnings.push(warning.message);
  process.on('warning', note);
  const { importerAt } = await import('../../../src/codec/closure/rebuild/default-loader.ts');
  expect(await importerAt(here)('acorn', undefined)).toHaveProperty('parse');
  expect(await importerAt(single)('./several.cjs', undefined)).toHaveProperty('default');
  await new Promise(setImmediate);
  process.off('warning', note);
  expect(warnings.filter((message) => message.includes('vm'))).toEqual([]);
});

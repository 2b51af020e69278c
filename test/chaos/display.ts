/** Shows how the run goes: one line redrawn in place on a terminal, a line every few seconds elsewhere. */
import process from 'node:process';
import type { Campaign, ChaosLedger } from './campaign.ts';
import { countDescriptors, mebibytes } from './footprint.ts';

const redrawMs = 200;
const logMs = 5_000;

export class Display {
  readonly #campaign: Campaign;
  readonly #stream = process.stderr;
  readonly #isLive = process.stderr.isTTY && process.env['TERM'] !== 'dumb';
  readonly #startedAtMs = performance.now();
  readonly #timer: NodeJS.Timeout;
  #seenAtMs = performance.now();
  #seen = 0;

  constructor(campaign: Campaign) {
    this.#campaign = campaign;
    // It must not be counted among what the pools keep alive.
    this.#timer = setInterval(() => this.#draw(), this.#isLive ? redrawMs : logMs).unref();
  }

  close(): void {
    clearInterval(this.#timer);
    if (this.#isLive) this.#stream.write('\r\u001B[K');
  }

  #draw(): void {
    const line = this.#line();
    this.#stream.write(this.#isLive ? `\r${line.slice(0, this.#stream.columns - 1)}\u001B[K` : `${line}\n`);
  }

  #line(): string {
    const figures = this.#campaign.figures();
    const done = figures.settled + figures.results;
    const now = performance.now();
    const rate = ((done - this.#seen) * 1_000) / Math.max(1, now - this.#seenAtMs);
    if (now - this.#seenAtMs >= 1_000) [this.#seen, this.#seenAtMs] = [done, now];
    const { rss, heapUsed } = process.memoryUsage();
    return [
      `${((now - this.#startedAtMs) / 1_000).toFixed(0)} s`,
      `${figures.rounds} pools`,
      `${figures.settled}/${figures.submitted} tasks`,
      `${rate.toFixed(0)}/s`,
      `${figures.kills} kills`,
      `${figures.retried} retried`,
      `${figures.lost} lost`,
      `${figures.workers} workers`,
      `${countDescriptors()} fds`,
      `rss ${mebibytes(rss)}`,
      `heap ${mebibytes(heapUsed)}`,
      `${this.#campaign.problems.length} problems`,
    ].join(' · ');
  }
}

/** The ledger, for a person. */
export function describeLedger({ figures, endings, before, after, ...ledger }: ChaosLedger): string {
  const { submitted, settled, results, kills, retried, lost } = figures;
  const ended = Object.entries(endings).map(([ending, count]) => `${count} ${ending}`);
  const sentences = [
    `${figures.rounds} pools, ${ledger.processes} processes and ${kills} kills in ${ledger.seconds} s.`,
    `${submitted} tasks submitted, ${settled} settled: ${ended.join(', ')}.`,
    `${results} results of map and stream; ${retried} attempts repeated; ${lost} tasks lost with a worker.`,
    `Descriptors ${before.descriptors} → ${after.descriptors}, children ${before.children.length} → ` +
      `${after.children.length}, heap ${mebibytes(before.heapBytes)} → ${mebibytes(after.heapBytes)}.`,
  ];
  if (ledger.problems.length === 0) return [...sentences, 'Nothing is wrong.', ''].join('\n');
  return [
    ...sentences,
    `${ledger.problems.length} problems with seed ${ledger.seed}:`,
    ...ledger.problems.map((problem) => `- ${problem}`),
    '',
  ].join('\n');
}

/** Makes a failing run small: fewer operations and fewer faults that lead to the same problem. */
import type { Operation } from '../workload/call.ts';
import type { Scenario } from './scenario.ts';
import { simulate, type SimulationOptions, type SimulationResult } from './simulate.ts';

/** What happens by chance changes with every change of the plan, so each is tried with a few seeds. */
const chancesMax = 4;

/** The smallest run found, with the same first problem. */
export async function minimise(
  failed: SimulationResult,
  options: SimulationOptions = {},
  runsMax = 600,
): Promise<SimulationResult> {
  return new Minimiser(failed, options, runsMax).run();
}

class Minimiser {
  readonly #options: SimulationOptions;
  readonly #problem: string;
  #runsLeft: number;
  #smallest: SimulationResult;

  constructor(failed: SimulationResult, options: SimulationOptions, runsMax: number) {
    this.#options = options;
    this.#problem = kindOf(failed);
    this.#runsLeft = runsMax;
    this.#smallest = failed;
  }

  async run(): Promise<SimulationResult> {
    let sizeBefore = Infinity;
    while (this.#size < sizeBefore && this.#runsLeft > 0) {
      sizeBefore = this.#size;
      await this.#dropFrom(
        ({ faults }) => faults,
        (scenario, faults) => ({ ...scenario, faults }),
      );
      await this.#dropFrom(
        ({ plan }) => plan,
        (scenario, plan) => ({ ...scenario, plan }),
      );
      await this.#simplifyBursts();
    }
    const { seed, scenario } = this.#smallest;
    return simulate(seed, { ...this.#options, scenario, isLogKept: true });
  }

  get #size(): number {
    const { faults, plan } = this.#smallest.scenario;
    const burst = (operation: Operation): number => (operation.kind === 'burst' ? operation.calls.length : 0);
    return faults.length + plan.reduce((sum, operation) => sum + 1 + burst(operation), 0);
  }

  /** Leaves out halves, then quarters, and so on to single items, as long as the problem stays. */
  async #dropFrom<Item>(
    read: (scenario: Scenario) => readonly Item[],
    write: (scenario: Scenario, items: readonly Item[]) => Scenario,
  ): Promise<void> {
    for (let size = Math.ceil(read(this.#smallest.scenario).length / 2); size >= 1; size = size >> 1) {
      for (let from = 0; from < read(this.#smallest.scenario).length;) {
        const { scenario } = this.#smallest;
        const items = read(scenario);
        const left = [...items.slice(0, from), ...items.slice(from + size)];
        if (!(await this.#stillFails(write(scenario, left)))) from += size;
      }
    }
  }

  async #simplifyBursts(): Promise<void> {
    for (const [index, operation] of this.#smallest.scenario.plan.entries()) {
      if (operation.kind !== 'burst' || operation.calls.length < 2) continue;
      const { scenario } = this.#smallest;
      const plan = scenario.plan.with(index, { ...operation, calls: operation.calls.slice(0, 1) });
      await this.#stillFails({ ...scenario, plan });
    }
  }

  async #stillFails(scenario: Scenario): Promise<boolean> {
    const { seed } = this.#smallest;
    for (let chance = 0; chance < chancesMax && this.#runsLeft > 0; chance += 1) {
      this.#runsLeft -= 1;
      const result = await simulate(seed + chance * 1_000_003, { ...this.#options, scenario });
      if (result.problems.length === 0 || kindOf(result) !== this.#problem) continue;
      this.#smallest = result;
      return true;
    }
    return false;
  }
}

/** The first problem without what differs from run to run. */
const kindOf = ({ problems }: SimulationResult): string =>
  (problems[0] ?? '').split('\n', 1).join('').replaceAll(/\d+/gu, '0').slice(0, 60);

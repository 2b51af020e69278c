/** Starts simulated children, and tells the parent of their ends: late, and in any order, as systems do. */
import type { Child, ChildObserver, ChildSpec } from '../../src/parent/child-process.ts';
import type { ProcessState } from '../../src/parent/process-facts.ts';
import { type Death, SimulatedChild } from './child.ts';
import { PipeEnd, type Surroundings } from './pipe.ts';

/** What is broken on purpose, to see that it would be found. */
export type Sabotage = 'none' | 'exit is swallowed' | 'bytes come twice' | 'last words are lost';

const bootMs = 30;
/** An answer is on its way for less. */
const answerMs = 1;

export class Spawner {
  readonly children = new Map<number, SimulatedChild>();
  memoryKills = 0;
  readonly #surroundings: Surroundings;
  readonly #sabotage: Sabotage;
  /** Whether children tell of their memory. */
  readonly #isMeasured: boolean;
  #lastPid = 1_000;

  constructor(surroundings: Surroundings, sabotage: Sabotage, isMeasured: boolean) {
    this.#surroundings = surroundings;
    this.#isMeasured = isMeasured;
    this.#sabotage = sabotage;
  }

  get living(): SimulatedChild[] {
    return [...this.children.values()].filter((child) => !child.isDead);
  }

  stateOf(pid: number): ProcessState {
    return this.children.get(pid)?.state ?? 'gone';
  }

  /** Whether its main loop turns, and has done so for a moment. */
  canAnswer(pid: number): boolean {
    const child = this.children.get(pid);
    const { nowMs } = this.#surroundings.world;
    return child?.state === 'running' && child.whenReady(nowMs - answerMs) === nowMs - answerMs;
  }

  spawn(_spec: ChildSpec, observer: ChildObserver): Child {
    const { faults, world } = this.#surroundings;
    if (faults.happens('spawn fails')) {
      world.schedule(0, 'a spawn fails', null, () => observer.onSpawnFailed(new Error('spawn EAGAIN')));
      return this.#childThatNeverWas();
    }
    this.#lastPid += 1;
    const pid = this.#lastPid;
    const child: SimulatedChild = new SimulatedChild(this.#surroundings, pid, (death) =>
      this.#onDeath(child, death, observer),
    );
    child.isMeasured = this.#isMeasured;
    this.children.set(pid, child);
    this.#planLife(child);
    if (this.#sabotage === 'bytes come twice') child.parentEnd.duplicates = () => world.random.chance(0.01);
    return {
      pid,
      socket: child.parentEnd,
      signal: (name) => this.#signal(child, name),
      stderrTail: () => child.stderr,
      noteStderr: (text) => void (child.stderr += text),
      ref: () => undefined,
      unref: () => undefined,
    };
  }

  #planLife(child: SimulatedChild): void {
    const { faults, world } = this.#surroundings;
    if (!faults.happens('start never ends')) {
      const slowMs = faults.happens('slow start') ? world.random.int(3_000) : 0;
      world.schedule(bootMs + slowMs, 'boots', child, () => child.boot());
    }
    if (faults.plans('killed from outside')) {
      const isForMemory = faults.plans('memory kill');
      world.schedule(world.random.int(300), `somebody kills ${child.label}`, null, () => {
        if (!child.isDead) this.#killFromOutside(child, isForMemory);
      });
    }
    if (faults.plans('channel closed by its child'))
      world.schedule(world.random.int(300), 'closes its channel and goes on', child, () => {
        faults.note('channel closed by its child');
        child.releasePipe();
      });
    if (faults.plans('stopped')) this.#planStop(child);
  }

  #killFromOutside(child: SimulatedChild, isForMemory: boolean): void {
    const { faults } = this.#surroundings;
    faults.note('killed from outside');
    if (isForMemory) {
      faults.note('memory kill');
      this.memoryKills += 1;
    }
    child.receive('SIGKILL');
  }

  #planStop(child: SimulatedChild): void {
    const { faults, world } = this.#surroundings;
    world.schedule(world.random.int(300), `somebody stops ${child.label}`, null, () => {
      if (child.isDead) return;
      faults.note('stopped');
      child.receive('SIGSTOP');
      const isForEver = world.random.chance(0.3);
      if (isForEver) return;
      world.schedule(world.random.int(6_000), `somebody continues ${child.label}`, null, () => {
        child.receive('SIGCONT');
      });
    });
  }

  #signal(child: SimulatedChild, name: 'SIGTERM' | 'SIGKILL'): void {
    const { faults, world } = this.#surroundings;
    if (name === 'SIGKILL' && faults.happens('SIGKILL without effect')) return;
    const lateMs = name === 'SIGKILL' && faults.happens('late SIGKILL') ? world.random.int(2_500) : 0;
    world.schedule(lateMs, `${name} reaches ${child.label}`, null, () => child.receive(name));
  }

  #onDeath(child: SimulatedChild, death: Death, observer: ChildObserver): void {
    if (this.#sabotage === 'last words are lost') child.loseLastWords();
    this.#endPipe(child);
    if (this.#sabotage === 'exit is swallowed' && this.#lastPid === child.pid) return;
    const { faults, world } = this.#surroundings;
    const exitMs = faults.happens('late exit') ? world.random.int(400) : 0;
    world.schedule(exitMs, `the parent hears that ${child.label} exited`, null, () => {
      world.count(
        child.parentEnd.readableEnded ? 'end of the channel before exit' : 'exit before end of the channel',
      );
      observer.onExited(death.exitCode, death.signal);
      const isLater = faults.happens('exit before the end of output');
      if (isLater) {
        const outputMs = world.random.int(250);
        world.schedule(outputMs, `the output of ${child.label} ends`, null, () => observer.onOutputClosed());
      } else observer.onOutputClosed();
    });
  }

  #endPipe(child: SimulatedChild): void {
    const { faults, world } = this.#surroundings;
    if (!faults.happens('pipe held by a grandchild')) {
      child.releasePipe();
      return;
    }
    child.leavePipeOpen();
    world.schedule(world.random.int(4_000), `what held the pipe of ${child.label} ends`, null, () => {
      child.releasePipe();
    });
  }

  #childThatNeverWas(): Child {
    const socket = new PipeEnd(this.#surroundings, 'no pipe', null);
    socket.destroy();
    const ignore = (): void => undefined;
    return {
      pid: undefined,
      socket,
      signal: ignore,
      stderrTail: () => '',
      noteStderr: ignore,
      ref: ignore,
      unref: ignore,
    };
  }
}

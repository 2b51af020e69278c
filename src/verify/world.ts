/**
 * One moment of a system, and the turns that lead to the next: mail is taken one by one, machines step, and
 * the environment gives their commands a meaning.
 */
import type { Command, MachineEvent } from '../runtime/compile.ts';
import { Choices } from './choices.ts';
import type { Happening } from './happening.ts';
import type { InternTable } from './intern.ts';
import { type Group, idAt, type Layout } from './layout.ts';
import type { LocalStep, MachineKind } from './machine-kind.ts';
import { Memo } from './memo.ts';
import { Moment } from './moment.ts';
import { VerifyError } from './verify-error.ts';

/** What the environment answers to the machines. */
export interface WorldHost {
  perform(world: World, kind: string, id: number, command: Command): void;
  /** Mail between machines. */
  send(
    world: World,
    from: { kind: string; id: number },
    to: { kind: string; id: number },
    event: MachineEvent,
  ): void;
  /** No mail is left. True if more was sent. `stepped`: the kinds of machines that took mail in this turn. */
  onIdle(world: World, stepped: ReadonlySet<string>): boolean;
  /** Mail to a member that is not there. */
  onLate(world: World, kind: string, id: number, event: MachineEvent): void;
  onUnexpected(world: World, kind: string, id: number, state: string, event: MachineEvent): void;
}

/** What a turn did to a moment. */
interface Turn {
  /** Cells and what each holds afterwards, in turn. */
  readonly writes: readonly number[];
  readonly violations: readonly string[];
  readonly choices: readonly number[];
  readonly widths: readonly number[];
}

/** How much a world remembers of turns, and of answers to questions. */
const branchesMax = 4_000_000;

const none: readonly never[] = [];

/** One macrostep after another without end would never be noticed otherwise. */
const turnsMax = 10_000;

export class World extends Moment {
  /** Sentences about what must not be. */
  violations: readonly string[] = [];
  /** Told what happens, if anyone listens. */
  onHappening: ((happening: Happening) => void) | null = null;
  readonly #events: InternTable;
  readonly #host: WorldHost;
  readonly #choices = new Choices();
  readonly #stepped = new Set<string>();
  readonly #turns = new Memo<Turn>(branchesMax);
  readonly #answers = new Memo<object>(branchesMax);
  #mail: number[] = [];
  #isRunning = false;
  #isAsked = false;

  constructor(
    layout: Layout,
    kinds: ReadonlyMap<string, MachineKind>,
    tables: { readonly values: InternTable; readonly events: InternTable },
    host: WorldHost,
  ) {
    super(layout, kinds, tables.values);
    this.#events = tables.events;
    this.#host = host;
  }

  /** Goes to another moment. `script` answers the choices of the next turn. */
  load(row: Int32Array, script: readonly number[] = []): void {
    this.cells.load(row);
    this.#choices.begin(script);
    this.violations = none;
    // Most are empty, and new ones would cost more than all the rest.
    if (this.#mail.length > 0) this.#mail = [];
    if (this.#stepped.size > 0) this.#stepped.clear();
    this.#isRunning = false;
  }

  create(kind: string, id: number, input: unknown): void {
    const cell = this.cellOf(kind, id);
    if (this.cells.isThere(cell)) throw new VerifyError(`There is already a member ${kind} ${id}.`);
    const step = this.kindOf(kind).start(input);
    this.cells.write(cell, step.next);
    this.#tellStep(cell, { type: 'xstate.init' }, '', step);
    this.#take(cell, step);
  }

  remove(kind: string, id: number): void {
    this.cells.write(this.cellOf(kind, id), 0);
  }

  /** Puts an event into a member's mailbox; `run` takes it. */
  tell(kind: string, id: number, event: MachineEvent): void {
    this.#deliver(kind, id, this.#events.idOf(event));
  }

  /** Lets one of a member's timers fire. */
  fire(kind: string, id: number, timer: number): void {
    const cell = this.cellOf(kind, id);
    const before = this.cells.read(cell);
    const machine = this.kindOf(kind);
    const { event } = machine.stateOf(before).timers[timer] ?? { event: { type: '' } };
    const step = machine.fire(before, timer);
    this.cells.write(cell, step.next);
    this.#tellStep(cell, event, machine.stateOf(before).state, step);
    if (step.isUnexpected) this.#host.onUnexpected(this, kind, id, machine.stateOf(before).state, event);
    this.#stepped.add(kind);
    this.#take(cell, step);
  }

  /** None of a member's timers will fire. */
  cancelTimers(kind: string, id: number): void {
    const cell = this.cellOf(kind, id);
    this.cells.write(cell, this.kindOf(kind).withoutTimers(this.cells.read(cell)));
  }

  /** Takes mail until there is none. Called from inside a turn it does nothing: the outer run goes on. */
  run(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    let turns = 0;
    do {
      for (let at = 0; at < this.#mail.length; at += 2) {
        this.#step(this.#mail[at] ?? 0, this.#mail[at + 1] ?? 0);
        turns += 1;
        if (turns > turnsMax) throw new VerifyError(`Mail does not end: ${turnsMax} events in one turn.`);
      }
      this.#mail = [];
    } while (this.#host.onIdle(this, this.#stepped) || this.#mail.length > 0);
    this.#isRunning = false;
  }

  /** One of `count` possibilities: the checker comes back for each. */
  choose(count: number): number {
    return this.#choices.choose(count);
  }

  violate(sentence: string): void {
    this.violations = [...this.violations, sentence];
  }

  note(text: string): void {
    this.onHappening?.({ type: 'note', text });
  }

  message(from: string, to: string, text: string): void {
    this.onHappening?.({ type: 'message', from, to, text });
  }

  /** The script of the next unexplored answers to this turn's choices, or `null` after the last. */
  nextScript(): number[] | null {
    return this.#choices.next();
  }

  /**
   * Plays a turn, or repeats what it did when everything it looked at was as it is now. `key` says which turn
   * it is, with the script.
   */
  turn(key: number | string, play: () => void): void {
    const known = this.onHappening === null ? this.#turns.find(key, this.cells.row) : undefined;
    if (known === undefined) this.#playTurn(key, play);
    else {
      const { writes } = known;
      for (let at = 0; at < writes.length; at += 2) this.cells.row[writes[at] ?? 0] = writes[at + 1] ?? 0;
      this.violations = known.violations;
      this.#choices.taken = known.choices;
      this.#choices.widths = known.widths;
    }
  }

  /** What `ask` finds, which must only look. Remembered by what it looked at; the result is shared. */
  recall<Answer extends object>(key: string, ask: () => Answer): Answer {
    if (this.cells.isWatched || this.#isAsked) return ask();
    const known = this.#answers.find(key, this.cells.row);
    if (known !== undefined) return known as Answer;
    let found: Answer | undefined;
    const { probes, answers } = this.cells.watch(() => {
      found = ask();
    });
    if (found === undefined) throw new RangeError(`"${key}" found nothing.`);
    this.#answers.learn(key, probes, answers, found);
    return found;
  }

  /** Asks a property. Which groups of cells it looked at stands in `groupsRead` then. */
  ask(holds: (world: World) => boolean): boolean {
    this.cells.groupsRead = 0;
    this.#isAsked = true;
    const answer = holds(this);
    this.#isAsked = false;
    return answer;
  }

  get groupsRead(): number {
    return this.cells.groupsRead;
  }

  /** The groups of cells that are not as in another moment. */
  groupsChanged(row: Int32Array): number {
    return this.cells.groupsChanged(row);
  }

  /** Gives all records their numbers: afterwards the row says everything. */
  seal(): void {
    this.cells.seal();
  }

  #playTurn(key: number | string, play: () => void): void {
    const { probes, answers, written } = this.cells.watch(play);
    this.cells.seal();
    if (this.onHappening !== null) return;
    const writes = written.flatMap((cell) => [cell, this.cells.row[cell] ?? 0]);
    const { taken, widths } = this.#choices;
    const turn: Turn = { writes, violations: this.violations, choices: taken, widths };
    this.#turns.learn(key, probes, answers, turn);
  }

  #deliver(kind: string, id: number, event: number): void {
    const cell = this.findCell(kind, id);
    if (cell < 0 || !this.cells.isThere(cell)) this.#host.onLate(this, kind, id, this.#eventOf(event));
    else this.#mail.push(cell, event);
  }

  #step(cell: number, event: number): void {
    const before = this.cells.read(cell);
    // It left while the mail was under way.
    if (before === 0) return;
    const group = this.groupAt(cell);
    const kind = this.kindOf(group.name);
    this.#stepped.add(group.name);
    const step = kind.step(before, event);
    this.cells.write(cell, step.next);
    if (this.onHappening !== null)
      this.#tellStep(cell, this.#eventOf(event), kind.stateOf(before).state, step);
    if (step.isUnexpected) {
      const { state } = kind.stateOf(before);
      this.#host.onUnexpected(this, group.name, idAt(group, cell), state, this.#eventOf(event));
    }
    this.#take(cell, step);
  }

  #take(cell: number, { effects }: LocalStep): void {
    if (effects.length === 0) return;
    const group = this.groupAt(cell);
    const id = idAt(group, cell);
    for (const effect of effects) {
      if (effect.type === 'tell') {
        const from = { kind: group.name, id };
        this.#host.send(this, from, { kind: effect.to, id: effect.id }, this.#eventOf(effect.event));
      } else {
        const { command } = effect;
        this.onHappening?.({ type: 'command', member: nameOf(group, id), command });
        this.#host.perform(this, group.name, id, command);
      }
    }
  }

  #tellStep(cell: number, event: MachineEvent, from: string, step: LocalStep): void {
    if (this.onHappening === null) return;
    const group = this.groupAt(cell);
    const to = this.kindOf(group.name).stateOf(step.next).state;
    this.onHappening({ type: 'step', member: nameOf(group, idAt(group, cell)), event, from, to });
  }

  #eventOf(id: number): MachineEvent {
    return this.#events.valueOf(id) as MachineEvent;
  }
}

const nameOf = (group: Group, id: number): string =>
  group.sort === null ? group.name : `${group.name} ${id}`;

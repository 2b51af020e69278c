/**
 * A model at one scope, ready to be explored: the first moment, what may happen in any moment, and what each
 * of these leads to. Mail in channels and timers are moves of its own; all others are the environment's.
 */
import type { MachineEvent } from '../runtime/compile.ts';
import { InternTable } from './intern.ts';
import { countsLosses, groupsOf, kindSortsOf, lossesRecord, refuseNames, sortsOf } from './arrangement.ts';
import { eventText } from './event-text.ts';
import { type Layout, layOut } from './layout.ts';
import { MachineKind } from './machine-kind.ts';
import { firstLetters, labelOf, type Letter, Mail, type Party } from './mail.ts';
import type { BoundModel, Environment, Move, Topology } from './model.ts';
import { stateText } from './place.ts';
import { Symmetry } from './symmetry.ts';
import { TurnKeys } from './turn-keys.ts';
import { VerifyError } from './verify-error.ts';
import { World, type WorldHost } from './world.ts';

/** A move of the checker's own. */
type OwnMove = Move &
  (
    | { readonly own: 'deliver' | 'lose'; readonly letter: Letter }
    | { readonly own: 'fire'; readonly party: Party }
  );

const isOwn = (move: Move): move is OwnMove => 'own' in move;

/** A letter that waits for its recipient to be there. */
type Post = Pick<Letter, 'from' | 'to' | 'event'>;

/** How many letters were lost. */
interface Losses {
  readonly count: number;
}

const lossName = (to: string): string => `a letter to ${to} is lost`;

export class ModelSystem implements WorldHost {
  readonly world: World;
  readonly kinds: ReadonlyMap<string, MachineKind>;
  readonly symmetry: Symmetry;
  readonly layout: Layout;
  readonly #model: BoundModel;
  readonly #topology: Topology;
  readonly #environment: Environment;
  readonly #values: InternTable;
  readonly #turnKeys = new TurnKeys();
  readonly #mail: Mail;
  /** What is sent before everybody is there; `null` afterwards. */
  #early: Post[] | null = null;
  /** Kinds whose members may be exchanged. The names of their moves have no ids, which would mean nothing. */
  readonly #symmetricKinds: ReadonlySet<string>;

  constructor(model: BoundModel, isSymmetric: boolean) {
    this.#model = model;
    this.#topology = model.topology;
    this.#environment = model.environment;
    const kindSorts = kindSortsOf(Object.keys(model.machines), this.#topology);
    this.#symmetricKinds = new Set(
      [...kindSorts]
        .filter(([, sort]) => this.#topology.sorts?.[sort ?? '']?.isSymmetric === true)
        .map(([kind]) => kind),
    );
    this.#values = new InternTable(isSymmetric ? refuseNames(this.#symmetricKinds) : undefined);
    const events = new InternTable();
    this.kinds = new Map(
      Object.entries(model.machines).map(([name, machine]) => [
        name,
        new MachineKind(name, machine, this.#values, events),
      ]),
    );
    const sorts = sortsOf(this.#topology, isSymmetric);
    this.#mail = new Mail(kindSorts);
    this.layout = layOut(sorts, groupsOf(kindSorts, model));
    this.world = new World(this.layout, this.kinds, { values: this.#values, events }, this);
    this.symmetry = new Symmetry(this.layout, sorts, this.#values);
  }

  /** How many different steps of machines were met. */
  get stepCount(): number {
    let steps = 0;
    for (const kind of this.kinds.values()) steps += kind.stepCount;
    return steps;
  }

  /** Leaves the first moment in `world`. */
  start(script: readonly number[] = []): void {
    const { world } = this;
    world.load(new Int32Array(this.layout.length), script);
    const early: Post[] = [];
    this.#early = early;
    for (const { kind, id, input } of this.#topology.members) {
      if (!this.kinds.has(kind))
        throw new VerifyError(`The topology has a member '${kind}', but no machine is called so.`);
      world.create(kind, id ?? (this.#sortOf(kind) === null ? 0 : world.freeId(kind)), input);
    }
    this.#early = null;
    for (const { from, to, event } of early) this.#post(from, to, event);
    if (this.#countsLosses) world.put(lossesRecord, 0, { count: 0 } satisfies Losses);
    this.#environment.setup?.(world);
    world.run();
    world.seal();
  }

  /** Everything that may happen now. */
  moves(): Move[] {
    const moves: Move[] = [];
    if (this.#hasChannels) this.#addMail(moves);
    this.#environment.moves?.(this.world, moves);
    if (this.#topology.timers !== 'own') this.#addTimers(moves);
    return moves;
  }

  apply(move: Move, script: readonly number[] = []): void {
    this.world.turn(this.#turnKeys.of(move, script), () => this.#play(move));
  }

  #play(move: Move): void {
    const { world } = this;
    if (!isOwn(move)) this.#environment.apply?.(world, move);
    else if (move.own === 'fire') world.fire(move.party.kind, move.party.id, move.detail);
    else {
      const { to, event } = move.letter;
      this.#mail.take(world, move.letter);
      if (move.own === 'deliver') world.tell(to.kind, to.id, event);
      else if (this.#countsLosses)
        world.put(lossesRecord, 0, { count: world.get<Losses>(lossesRecord).count + 1 } satisfies Losses);
    }
    world.run();
  }

  describe(move: Move): string {
    if (!isOwn(move))
      return this.#environment.describe?.(this.world, move) ?? labelOf({ kind: move.name, id: move.id });
    if (move.own === 'fire') {
      const { kind, id } = move.party;
      const timer = this.world.member(kind, id).timers[move.detail];
      return `a timer of ${labelOf(move.party)} fires: ${eventText(timer?.event.type ?? '')}`;
    }
    const { to, from, event } = move.letter;
    if (move.own === 'deliver') return `${labelOf(to)} gets ${event.type} from ${labelOf(from)}`;
    return `${event.type} from ${labelOf(from)} to ${labelOf(to)} is lost`;
  }

  /** The names that moves of the environment, and losses of mail, may have. */
  get moveNames(): readonly string[] {
    const parties = this.#topology.members.map(({ kind, id = 0 }) => this.#nameOf({ kind, id }));
    const losses = this.#lettersLost > 0 ? [...new Set(parties)].map(lossName) : [];
    return [...(this.#environment.moveNames ?? []), ...losses];
  }

  /**
   * Whether the system may stay as it is, if nothing has to happen. Unless the environment knows better: if
   * every machine is in a state that is final or tagged `rest`.
   */
  mayRest(): boolean {
    const { mayRest } = this.#environment;
    if (mayRest !== undefined) return mayRest(this.world);
    for (const kind of this.kinds.values())
      for (const id of this.world.ids(kind.name))
        if (!kind.mayRest(this.world.member(kind.name, id).state)) return false;
    return true;
  }

  // What the world asks of its host.

  perform(world: World, kind: string, id: number, command: { type: string; params: unknown }): void {
    this.#environment.perform?.(world, kind, id, command);
  }

  send(world: World, from: Party, to: Party, event: MachineEvent): void {
    if (!this.kinds.has(to.kind)) {
      throw new VerifyError(
        `${labelOf(from)} sends ${event.type} to '${to.kind}', but no machine is called so: there is ` +
          `${[...this.kinds.keys()].map((kind) => `'${kind}'`).join(', ')}.`,
      );
    }
    world.message(labelOf(from), labelOf(to), event.type);
    if (this.#early === null) this.#post(from, to, event);
    else this.#early.push({ from, to, event });
  }

  onIdle(world: World, stepped: ReadonlySet<string>): boolean {
    return this.#environment.onIdle?.(world, stepped) ?? false;
  }

  onLate(world: World, kind: string, id: number, event: MachineEvent): void {
    this.#environment.onLate?.(world, kind, id, event);
  }

  onUnexpected(world: World, kind: string, id: number, state: string, event: MachineEvent): void {
    if (this.#model.droppedEvents === 'allowed') return;
    world.violate(
      `${labelOf({ kind, id })} got ${event.type} in ${stateText(state)}, which neither handles it nor ` +
        'says in meta.ignores why it may be dropped',
    );
  }

  #post(from: Party, to: Party, event: MachineEvent): void {
    const { world } = this;
    if (!this.#hasChannels) world.tell(to.kind, to.id, event);
    else if (world.has(to.kind, to.id)) this.#mail.send(world, from, to, event);
    else this.onLate(world, to.kind, to.id, event);
  }

  get #hasChannels(): boolean {
    return this.#topology.mail !== 'together';
  }

  get #lettersLost(): number {
    return this.#environment.lettersLost ?? 0;
  }

  /** Losses without end are not counted, or no moment would ever come again. */
  get #countsLosses(): boolean {
    return countsLosses(this.#environment);
  }

  #addMail(moves: Move[]): void {
    const letters = this.#mail.letters(this.world);
    for (const letter of firstLetters(letters)) {
      const name = `${this.#nameOf(letter.to)} gets mail of ${this.#nameOf(letter.from)}`;
      moves.push(mailMove('deliver', name, letter));
    }
    const lost = this.#countsLosses ? this.world.get<Losses>(lossesRecord).count : 0;
    if (lost >= this.#lettersLost) return;
    for (const letter of letters) moves.push(mailMove('lose', lossName(this.#nameOf(letter.to)), letter));
  }

  #addTimers(moves: Move[]): void {
    const isLast = this.#topology.timers === 'last';
    if (isLast && moves.some((move) => move.kind === 'system')) return;
    for (const kind of this.kinds.keys()) {
      for (const id of this.world.ids(kind)) {
        const party: Party = { kind, id };
        const name = `timer of ${this.#nameOf(party)}`;
        for (const [detail] of this.world.member(kind, id).timers.entries()) {
          const move: OwnMove = { own: 'fire', name, kind: 'timer', id, detail, party };
          moves.push(move);
        }
      }
    }
  }

  /** As part of a move's name. */
  #nameOf(party: Party): string {
    return this.#symmetricKinds.has(party.kind) ? party.kind : labelOf(party);
  }

  #sortOf(kind: string): string | null {
    return this.layout.groups.find(({ name }) => name === kind)?.sort ?? null;
  }
}

function mailMove(own: 'deliver' | 'lose', name: string, letter: Letter): OwnMove {
  return {
    own,
    name,
    kind: own === 'deliver' ? 'system' : 'fault',
    id: letter.to.id,
    detail: letter.at,
    letter,
  };
}

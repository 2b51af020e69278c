/**
 * Mail on its way between machines. Each recipient has an inbox, a record beside its machine; from each
 * sender letters arrive in the order they were sent, and otherwise in any order.
 */
import type { MachineEvent } from '../runtime/compile.ts';
import type { World } from './world.ts';

/** One member of a system. */
export interface Party {
  readonly kind: string;
  readonly id: number;
}

/** A letter, and where it is. */
export interface Letter {
  readonly to: Party;
  readonly from: Party;
  readonly event: MachineEvent;
  /** Its place in the inbox. */
  readonly at: number;
}

interface Inbox {
  readonly mail: readonly StoredLetter[];
}

/** Beside these fields it has the sender's id, in a field that is named after its sort. */
interface StoredLetter {
  readonly kind: string;
  readonly event: MachineEvent;
}

/** The record that holds the inbox of each machine of a kind. */
export const inboxOf = (kind: string): string => `mail to ${kind}`;

/** The field in which ids of a sort stand as senders: renamed when the ids of the sort are. */
export const senderField = (sort: string | null): string => (sort === null ? 'sender' : `sender of ${sort}`);

export const labelOf = ({ kind, id }: Party): string => (id === 0 ? kind : `${kind} ${id}`);

export class Mail {
  readonly #kinds: readonly string[];
  readonly #fields: ReadonlyMap<string, string>;

  /** `sorts`: the sort of each kind's ids, or `null`. */
  constructor(sorts: ReadonlyMap<string, string | null>) {
    this.#kinds = [...sorts.keys()];
    this.#fields = new Map([...sorts].map(([kind, sort]) => [kind, senderField(sort)]));
  }

  send(world: World, from: Party, to: Party, event: MachineEvent): void {
    const inbox = world.find<Inbox>(inboxOf(to.kind), to.id)?.mail ?? [];
    const letter: StoredLetter = { kind: from.kind, [this.#fieldOf(from.kind)]: from.id, event };
    const mail = inbox.toSpliced(this.#placeFor(from, inbox), 0, letter);
    world.put(inboxOf(to.kind), to.id, { mail } satisfies Inbox);
  }

  /** All letters that are on their way. */
  letters(world: World): Letter[] {
    const letters: Letter[] = [];
    for (const kind of this.#kinds) {
      for (const id of world.ids(inboxOf(kind))) {
        for (const [at, stored] of world.get<Inbox>(inboxOf(kind), id).mail.entries())
          letters.push({ to: { kind, id }, from: this.#senderOf(stored), event: stored.event, at });
      }
    }
    return letters;
  }

  /** Takes a letter out of its inbox. */
  take(world: World, { to, at }: Letter): void {
    const rest = world.get<Inbox>(inboxOf(to.kind), to.id).mail.toSpliced(at, 1);
    if (rest.length === 0) world.drop(inboxOf(to.kind), to.id);
    else world.put(inboxOf(to.kind), to.id, { mail: rest } satisfies Inbox);
  }

  /**
   * Between letters of different senders there is no order, so none is remembered: they stand sender by
   * sender. Symmetry may have exchanged the senders' ids, so their letters are looked for first.
   */
  #placeFor(from: Party, inbox: readonly StoredLetter[]): number {
    const last = inbox.findLastIndex((each) => isSame(this.#senderOf(each), from));
    if (last !== -1) return last + 1;
    const later = inbox.findIndex((each) => this.#isAfter(this.#senderOf(each), from));
    return later === -1 ? inbox.length : later;
  }

  #senderOf(letter: StoredLetter): Party {
    return { kind: letter.kind, id: Number(Reflect.get(letter, this.#fieldOf(letter.kind))) };
  }

  #isAfter(one: Party, other: Party): boolean {
    if (one.kind === other.kind) return one.id > other.id;
    return this.#kinds.indexOf(one.kind) > this.#kinds.indexOf(other.kind);
  }

  #fieldOf(kind: string): string {
    return this.#fields.get(kind) ?? senderField(null);
  }
}

/** Those that are the first of their sender at their recipient. */
export function firstLetters(letters: readonly Letter[]): Letter[] {
  return letters.filter((letter, index) => {
    const before = letters[index - 1];
    return before === undefined || !isSame(before.to, letter.to) || !isSame(before.from, letter.from);
  });
}

const isSame = (one: Party, other: Party): boolean => one.kind === other.kind && one.id === other.id;

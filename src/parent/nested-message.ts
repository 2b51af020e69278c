/**
 * Reads what a child says about tasks that its tasks submit. Whatever may stand there, it is checked to the
 * last field, for nobody knows what wrote it.
 */
import { closureUrl, type NestedCall, type NestedOptions } from '../../machines/protocol.ts';
import { unitIdOf } from '../codec/closure/unit-id.ts';
import { readNestedHeader, relayedCall } from '../codec/relay.ts';
import { ProtocolError } from '../errors.ts';

/** A submission, with its values as the child wrote them. */
export interface NestedSubmission {
  readonly kind: 'submit';
  readonly nestedId: number;
  readonly owner: number;
  readonly attempt: number;
  readonly call: NestedCall;
  readonly values: ReturnType<typeof relayedCall>;
}

/** What a child can say about a task that one of its tasks submits. */
export type NestedRequest =
  | NestedSubmission
  | { readonly kind: 'cancel'; readonly nestedId: number; readonly reason: string }
  | { readonly kind: 'credit'; readonly nestedId: number; readonly credit: number }
  | { readonly kind: 'signal'; readonly nestedId: number; readonly index: number; readonly reason: string };

type Unknown = Readonly<Record<string, unknown>>;

/** Throws ProtocolError for whatever is no such message. */
export function readNested(header: string, binaries: readonly Uint8Array[]): NestedRequest {
  const [, kind, nestedId, ...rest] = readNestedHeader(header);
  check(isCount(nestedId), 'a number');
  const [first, second] = rest;
  switch (kind) {
    case 'submit':
      return readSubmission(nestedId, rest, binaries);
    case 'cancel':
      check(isText(first), 'a reason');
      return { kind, nestedId, reason: first };
    case 'credit':
      check(isCount(first), 'a credit');
      return { kind, nestedId, credit: first };
    case 'signal':
      check(isCount(first) && isText(second), 'a signal');
      return { kind, nestedId, index: first, reason: second };
    default:
      throw new ProtocolError('A message about a nested task is of an unknown kind.');
  }
}

function readSubmission(
  nestedId: number,
  [owner, attempt, call, ...values]: readonly unknown[],
  binaries: readonly Uint8Array[],
): NestedSubmission {
  check(isCount(owner) && isCount(attempt), 'an owner');
  check(isCall(call), 'a call');
  const [args, meta, graph, units] = values;
  check(Array.isArray(args), 'arguments');
  check(meta === null || isRecord(meta), 'annotations');
  check(call.roots === null ? graph === null : isRecord(graph), 'a graph');
  check(Array.isArray(units) && units.every(isUnit), 'code that is what its id says');
  return {
    kind: 'submit',
    nestedId,
    owner,
    attempt,
    call,
    values: relayedCall(call, values, binaries),
  };
}

function isCall(call: unknown): call is NestedCall {
  if (!isRecord(call)) return false;
  const { pool, id, reference, mode, options, roots, signals, argumentBytes } = call;
  return (
    isText(pool) &&
    isText(id) &&
    isRecord(reference) &&
    isText(reference['url']) &&
    isText(reference['name']) &&
    isOneOf(mode, ['call', 'each', 'stream']) &&
    isOneOf(roots, [null, 'function', 'arguments', 'call']) &&
    (reference['url'] !== closureUrl || roots !== null) &&
    isCount(signals) &&
    signals <= signalsMax &&
    isCount(argumentBytes) &&
    isOptions(options)
  );
}

const signalsMax = 1_000;

function isOptions(options: unknown): options is NestedOptions {
  if (!isRecord(options)) return false;
  const { timeoutMs, queueTimeoutMs, deadline, priority, key, name, retries } = options;
  return (
    [timeoutMs, queueTimeoutMs].every((limit) => limit === undefined || isLimit(limit)) &&
    [deadline, priority].every((moment) => moment === undefined || isNumber(moment)) &&
    [key, name].every((text) => text === undefined || (isText(text) && text !== '')) &&
    (retries === undefined || isRetries(retries))
  );
}

function isRetries(retries: unknown): boolean {
  if (!isRecord(retries)) return false;
  const { times, on, backoffMs } = retries;
  return isCount(times) && isOneOf(on, [null, 'crash', 'error']) && isCountless(backoffMs);
}

function isUnit(unit: unknown): boolean {
  if (!isRecord(unit)) return false;
  const { id, ...rest } = unit;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- hashed, whatever it is
  return isText(id) && unitIdOf(rest as Parameters<typeof unitIdOf>[0]) === id;
}

function check(holds: boolean, what: string): asserts holds {
  if (!holds) throw new ProtocolError(`A message about a nested task lacks ${what}.`);
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isCountless = (value: unknown): boolean =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isNumber = (value: unknown): boolean =>
  (typeof value === 'number' && Number.isFinite(value)) || value === 'Infinity' || value === '-Infinity';
const isLimit = (value: unknown): boolean => value === 'Infinity' || isCountless(value);
const isOneOf = (value: unknown, allowed: readonly unknown[]): boolean => allowed.includes(value);
const isRecord = (value: unknown): value is Unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

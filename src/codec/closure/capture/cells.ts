/**
 * Finds out which captured variables are one and the same. Only for variables that captured functions
 * assign does that matter: they become cells, which their functions share.
 */
import type { Capturing } from './capturing.ts';
import type { CapturedVariable, CodeDraft, Occurrence, VariableHome } from './draft.ts';
import { isDeclaration } from './is-declaration.ts';
import { refuseAmbiguous } from './refusals.ts';
import { areSameVariable } from './same-variable.ts';

/**
 * The first occurrence of each variable that is assigned, for all its occurrences. One that may or may not
 * be the same as another is refused.
 */
export function findCells(
  drafts: readonly CodeDraft[],
  capturing: Capturing,
): ReadonlyMap<CapturedVariable, Occurrence> {
  const cells = new Map<CapturedVariable, Occurrence>();
  for (const group of candidateGroups(drafts)) {
    let left = stoppableFirst(group);
    for (let [first] = left; first !== undefined; [first] = left) {
      const others = left.slice(1);
      const answers = areSameVariable(first, others);
      cells.set(first.variable, first);
      left = [];
      for (const [index, other] of others.entries()) {
        const isSame = answers[index];
        if (isSame === undefined)
          other.variable.slot = capturing.refuse(refuseAmbiguous(other.variable.use.name));
        else if (isSame) cells.set(other.variable, first);
        else left.push(other);
      }
    }
  }
  return cells;
}

/** Those that can be stopped to look around come first: each of the others is compared with one of them. */
function stoppableFirst(group: readonly Occurrence[]): Occurrence[] {
  return [...group.filter(isStoppable), ...group.filter((occurrence) => !isStoppable(occurrence))];
}

function isStoppable({ draft: { source } }: Occurrence): boolean {
  return source.hasPlainParameters && source.form !== 'class';
}

/** Variables that might be the same, if one of them is assigned. */
function candidateGroups(drafts: readonly CodeDraft[]): Occurrence[][] {
  const groups = new Map<string, Occurrence[]>();
  const assigned = new Set<string>();
  for (const draft of drafts) {
    for (const variable of draft.variables) {
      const { home, use } = variable;
      if (home === undefined) continue;
      const key = groupKey(home, use.name);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [{ draft, variable, home }]);
      else group.push({ draft, variable, home });
      if (use.isAssigned) assigned.add(key);
    }
  }
  return [...assigned].map((key) =>
    (groups.get(key) ?? []).filter((occurrence) => meansVariable(occurrence)),
  );
}

/** By its own name, a function expression means itself, whatever becomes of the variable around it. */
function meansVariable({ draft: { fn, source, place }, variable, home }: Occurrence): boolean {
  return !variable.isSelf || isDeclaration(fn, source, { ...place, scriptId: home.scriptId });
}

/** In V8's words, what a scope is that there is only one of, and of which script. */
function groupKey({ scriptId, scopes }: VariableHome, name: string): string {
  const [scope] = scopes;
  if (scope === undefined || scope.kind === 'Global' || scope.kind === 'Script') return name;
  return `${scriptId} ${scopes.length} ${scope.kind} ${name}`;
}

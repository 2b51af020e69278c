/** Who takes part in a measurement. */

/** All pools but where it says which `kinds` or who `only`; of the floors, those it names. */
export function participantsOf({ only, kinds = ['process', 'thread'], floors }, contenders) {
  return contenders.filter(({ name, kind }) => {
    if (only !== undefined) return only.includes(name);
    return kind === 'floor' ? floors.includes(name) : kinds.includes(kind);
  });
}

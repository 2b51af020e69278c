/** Thrown by a measurement when a contender let it wait too long: reported as a hang, not as a failure. */
export class NoAnswer extends Error {
  constructor(patienceMs, note) {
    super(`no answer in ${patienceMs / 1000} s`);
    this.name = 'NoAnswer';
    this.note = note;
  }
}

/**
 * The agreement between the changed text of a class with `#private` members and who makes its instances
 * again.
 */

/** The values of `#private` members, by their names without `#`. It has no prototype, so that `in` tells. */
export type PrivateValues = Readonly<Record<string, unknown>>;

/** What the text of such a class finds as `unitNames.hatch`. */
export interface Hatch {
  /**
   * True while an object is made for its private members alone: its constructor must return at once (behind
   * `super()` in a derived class), and its fields must not run what they are initialised with.
   */
  readonly on: boolean;
  /**
   * Called in a static block: how to set the members of an instance. Only those that `values` has are set.
   */
  fields(of: object, set: (instance: object, values: PrivateValues) => void): void;
  /** The same for the class's own private members. */
  statics(of: object, set: (values: PrivateValues) => void): void;
}

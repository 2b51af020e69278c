/** What can be told of a turn, for stories and diagrams. */
import type { Command, MachineEvent } from '../runtime/compile.ts';

export type Happening =
  | {
      readonly type: 'step';
      readonly member: string;
      readonly event: MachineEvent;
      readonly from: string;
      readonly to: string;
    }
  | { readonly type: 'command'; readonly member: string; readonly command: Command }
  | { readonly type: 'message'; readonly from: string; readonly to: string; readonly text: string }
  | { readonly type: 'note'; readonly text: string };

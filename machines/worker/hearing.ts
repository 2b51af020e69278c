/**
 * How a worker that has tasks is asked whether its main loop turns: states that the machine has in each place
 * where tasks run. Time alone proves nothing: before a child is found silent, everything it wrote is read.
 */
import { recover } from './reactions.ts';

export const hearing = {
  calm: { after: { askAgain: 'asked' } },
  asked: {
    entry: 'writePing',
    after: { silence: 'doubted' },
    on: {
      'child.answered': [{ guard: 'isSilent', target: 'calm', actions: recover }, { target: 'calm' }],
      'parent.paused': 'calm',
    },
  },
  doubted: {
    entry: 'readRest',
    on: {
      'child.answered': [{ guard: 'isSilent', target: 'calm', actions: recover }, { target: 'calm' }],
      'parent.paused': 'calm',
      'channel.emptied': [
        {
          guard: 'killsSilent',
          target: '#worker.leaving.killing',
          actions: ['reportUnresponsive', { type: 'blame', params: { end: 'unresponsive' } }],
        },
        // It was silent before it was told to leave, and that has been said.
        { guard: 'isSilent', target: 'silent' },
        { target: 'silent', actions: ['noteSilent', 'reportUnresponsive'] },
      ],
    },
  },
  // It is asked nothing more: the answer comes when its main loop turns again.
  silent: { on: { 'child.answered': { target: 'calm', actions: recover } } },
} as const;

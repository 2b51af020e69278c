/** The whole pool as a system to be explored: its machines, its children, their pipes, its callers. */
import { machines } from '../../../machines/index.ts';
import { type Model, model, type Topology } from '../model.ts';
import { poolEnvironment } from './environment.ts';
import { poolProperties } from './properties.ts';
import { type PoolScope, smallScope, workersMax } from './scope.ts';

/** Pool, workers, tasks, children, pipes, callers and faults, with every order of what can happen. */
export const poolModel: Model<PoolScope> = model<PoolScope>({
  name: 'pool',
  machines,
  scope: smallScope,
  topology,
  environment: poolEnvironment,
  properties: poolProperties,
});

function topology(scope: PoolScope): Topology {
  return {
    members: [],
    sorts: {
      worker: { count: workersMax(scope), isSymmetric: true, fields: ['workerId', 'worn', 'home'] },
      task: {
        count: scope.tasks + scope.calls.nest,
        isSymmetric: true,
        fields: [
          'taskId',
          'handed',
          'running',
          'askedBack',
          'waiting',
          'started',
          'queue',
          'held',
          'flushing',
          'parked',
          'asks',
          'nestedId',
          'owner',
        ],
      },
    },
    kinds: { worker: 'worker', child: 'worker', task: 'task' },
    records: {
      outside: null,
      calls: null,
      faults: null,
      desk: null,
      settings: null,
      process: 'worker',
      server: 'worker',
      fate: 'task',
    },
    mail: 'together',
    timers: 'own',
  };
}

/*
 * A pool of processes for `spin`: the parent with its mailbox, its children, the pipes between them, and its
 * callers. The machines come as tables (tables.h) and the scope as macros (scope.h), both generated; how they
 * play together is written here by hand, after the documents and not after the checker it is compared with.
 * A stored state is one moment: whatever lives only during a turn is hidden.
 */
#include "scope.h"
c_decl { \#include "tables.h" }

#define AT(w, t) ((w) * (TASKS + 1) + (t))
#define PAIRS ((WORKERS + 1) * (TASKS + 1))

/* Local states of the machines by their numbers; 0: not there. */
short pool_state;
short worker_state[WORKERS + 1];
short task_state[TASKS + 1];
short child_state[WORKERS + 1];

#include "parent-facts.pml"
#include "child-facts.pml"
#include "mailbox.pml"
#include "dispatcher.pml"
#include "child.pml"
#include "moves.pml"
#include "judge.pml"
#include "parent.pml"

/* Besides the moments, spin stores one state: the one before the pool is there. */
init {
  atomic {
    by_parent();
    starter = 0;
    enter_at_start(POOL, 0);
    goto turn
  };
end_of_turn:
  atomic {
    if
    EACH_WORKER(PROCESS_MOVES)
    EACH_WORKER(FAULTS)
    EACH_WORKER(WORKER_TIMERS)
    EACH_TASK(TASK_TIMERS)
    POOL_TIMERS
    EACH_TASK(CANCEL)
    CALLS
    fi;
    if
    :: dying != 0 -> die()
    :: else
    fi;
turn:
    take_turn();
    judge();
    goto end_of_turn
  }
}

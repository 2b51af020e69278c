/*
 * What may happen next. What a child does is no turn of the parent, and the parent looks at one thing at a
 * time.
 */

hidden byte timer;

#define HAS_MAIL(w) (len(up[w]) > 0 && !close_told[w])
#define ENDS_UNTOLD(w) (life[w] == DEAD && !exit_told[w])
#define CLOSES_UNTOLD(w) (life[w] == DEAD && !close_told[w] && len(up[w]) == 0)
#define RESTS_UNTOLD(w) (life[w] == DEAD && reads_rest[w] && len(up[w]) == 0)
#define IS_BOOTING(w) (life[w] == UP && c_expr { child_is_booting[now.child_state[w]] })
#define HAS_BOOTED(w) (life[w] == UP && c_expr { !child_is_booting[now.child_state[w]] })
#define CAN_READ(w) (HAS_BOOTED(w) && len(down[w]) > 0 && !leaves[w])
#define RUNS(w, t) || runs[AT(w, t)]

/* These happen sooner or later, and before any timer. */
#define IS_ACTIVE(w) (HAS_MAIL(w) || life[w] == NEVER_BORN \
  || ENDS_UNTOLD(w) || CLOSES_UNTOLD(w) || RESTS_UNTOLD(w) || IS_BOOTING(w) || CAN_READ(w) \
  || signalled[w] != 0 || initializes[w] || looks[w] || leaves[w] EACH_TASK_OF(w, RUNS))

#define IS_QUIET (!SOME_WORKER(IS_ACTIVE))

#define RUN_ENDS(w, t) \
  :: runs[AT(w, t)] -> function_ends(w, t, RETURNED) \
  :: runs[AT(w, t)] && is_aborted[AT(w, t)] -> function_ends(w, t, THREW) \
  :: runs[AT(w, t)] && throws_left > 0 && !is_aborted[AT(w, t)] -> throws_left--; function_ends(w, t, THREW)

#define PROCESS_MOVES(w) \
  :: HAS_MAIL(w) -> by_parent(); read_up(w) \
  :: life[w] == NEVER_BORN -> by_parent(); tell_worker(w, worker_child_spawnFailed) \
  :: ENDS_UNTOLD(w) -> by_parent(); exit_told[w] = 1; tell_worker(w, worker_child_exited) \
  :: CLOSES_UNTOLD(w) -> by_parent(); close_told[w] = 1; tell_worker(w, worker_channel_closed) \
  :: RESTS_UNTOLD(w) -> by_parent(); reads_rest[w] = 0; tell_worker(w, worker_channel_emptied) \
  :: signalled[w] != 0 -> by_child(); dying = w \
  :: IS_BOOTING(w) -> by_child(); tell_child(w, child_boot_finished) \
  :: initializes[w] -> by_child(); initializes[w] = 0; tell_child(w, child_initialize_finished) \
  :: leaves[w] -> by_child(); flushed[w] = len(up[w]); dying = w \
  :: CAN_READ(w) -> by_child(); read_down(w) \
  :: looks[w] -> by_child(); looks[w] = 0; tell_child(w, child_look_finished) \
  EACH_TASK_OF(w, RUN_ENDS)

#define FAULTS(w) \
  :: life[w] == UP && crashes_left > 0 -> by_child(); crashes_left--; dying = w \
  :: initializes[w] && initialize_failures_left > 0 -> \
     by_child(); initialize_failures_left--; initializes[w] = 0; tell_child(w, child_initialize_failed)

/* Timers fire when nothing else is left to happen, or, as a fault, before. */
#define TIMERS_OF(state) c_expr { timer_count[now.state] > 0 }
#define MAY_FIRE (IS_QUIET || early_timers_left > 0)

#define WORKER_TIMERS(w) \
  :: MAY_FIRE && TIMERS_OF(worker_state[w]) -> fire(WORKER, w) \
  :: MAY_FIRE && IS_HOARDING(w) -> early(); by_parent(); recall(w)

#define TASK_TIMERS(t) :: MAY_FIRE && TIMERS_OF(task_state[t]) -> limit_passed[t] = 1; fire(TASK, t)

#define POOL_TIMERS :: MAY_FIRE && TIMERS_OF(pool_state) -> fire(POOL, 0)

/* It holds tasks ahead that another could start now, and was not asked for them yet. */
#define COULD_GIVE(w, at) \
  c_expr { task_is_assigned[now.task_state[worker_handed[now.worker_state[w] * LIST_MAX + at]]] }
#define IS_HOARDING(w) (serves[w] && len(held[w]) > CONCURRENCY && SOME_OTHER_WORKER(IS_FREE) \
  && (COULD_GIVE(w, 0) || COULD_GIVE(w, 1) || COULD_GIVE(w, 2) || COULD_GIVE(w, 3)))

#define CANCEL(t) \
  :: cancels_left > 0 && phase[t] == OPEN && task_state[t] != 0 -> \
     by_parent(); cancels_left--; cancel_asked[t] = 1; tell_task(t, task_cancel_asked)

#define CALLS \
  :: submits_left > 0 && (CALLS_AFTER_CLOSE || closing == 0) -> by_parent(); submit() \
  :: closing == 0 && (closes_left > 0 || announced == state_broken) -> \
     by_parent(); closes_left = (closes_left > 0 -> closes_left - 1 : 0); ask_to_close(DRAIN); \
     tell_pool(pool_close_asked(1)) \
  :: closing != NOW && closes_now_left > 0 -> \
     by_parent(); closes_now_left--; ask_to_close(NOW); tell_pool(pool_close_asked(0)) \
  :: terminates_left > 0 -> \
     by_parent(); terminates_left--; ask_to_close(TERMINATE); tell_pool(pool_terminate_asked)

#define HAS_WORKER_TIMER(w) TIMERS_OF(worker_state[w])
#define HAS_TASK_TIMER(t) TIMERS_OF(task_state[t])
#define SOMETHING_MUST_HAPPEN (!IS_QUIET || TIMERS_OF(pool_state) || SOME_WORKER(HAS_WORKER_TIMER) \
  || SOME_TASK(HAS_TASK_TIMER) || SOME_WORKER(IS_HOARDING))

inline by_parent() { is_parents = 1 }
inline by_child() { is_parents = 0 }

inline early() {
  if
  :: IS_QUIET
  :: else -> early_timers_left--
  fi
}

inline ask_to_close(how) {
  if
  :: closing < how -> closing = how
  :: else
  fi
}

inline submit() {
  submits_left--;
  place = 1;
  do
  :: phase[place] != 0 -> place++
  :: else -> break
  od;
  phase[place] = OPEN;
  tell_pool(pool_task_submitted(place))
}

inline fire(whose, which) {
  early();
  by_parent();
  kind = whose;
  id = which;
  look_up_state();
  timer = 0;
  do
  :: c_expr { timer + 1 < timer_count[local_state] } -> timer++
  :: break
  od;
  if
  :: c_expr { forgets_failure[local_state] & (1 << timer) } -> failures--
  :: else
  fi;
  cell = c_expr { fired_row[local_state] + timer };
  step_by_cell()
}

/* The last first: each comes back to the front of the queue. */
inline recall(w) {
  local_state = worker_state[w];
  place = LIST_MAX;
  do
  :: place > 0 ->
     place--;
     which_task = c_expr { worker_handed[local_state * LIST_MAX + place] };
     if
     :: which_task != 0 -> tell_task(which_task, task_recall_asked)
     :: else
     fi
  :: else -> break
  od
}

inline function_ends(w, of_task, how) {
  by_child();
  runs[AT(w, of_task)] = 0;
  result_of[AT(w, of_task)] = how;
  if
  :: KNOWN(of_task) && attempt_of[of_task] == run_attempt[AT(w, of_task)] -> truth[of_task] = how
  :: else
  fi;
  tell_child(w, child_task_ended(of_task))
}

inline read_down(w) {
  down[w]?what, which_task, which_attempt;
  if
  :: what == INIT -> tell_child(w, child_init_received(CONCURRENCY))
  :: what == RUN ->
     assert(run_attempt[AT(w, which_task)] == 0);
     run_attempt[AT(w, which_task)] = which_attempt;
     tell_child(w, child_run_received(which_task))
  :: what == CANCEL_RUN -> tell_child(w, child_cancel_received(which_task))
  :: what == RECALL_RUN -> tell_child(w, child_recall_received(which_task))
  :: what == STOP -> tell_child(w, child_stop_received)
  fi
}

/* Reports are believed of a task that this worker has, in its attempt: others cannot come here. */
inline read_up(w) {
  up[w]?what, which_task, which_attempt;
  flushed[w] = (flushed[w] > 0 -> flushed[w] - 1 : 0);
  assert(what < STARTED
    || (KNOWN(which_task) && host_of[which_task] == w && attempt_of[which_task] == which_attempt));
  if
  :: what == HELLO -> tell_worker(w, worker_child_greeted)
  :: what == READY -> tell_worker(w, worker_child_initialized)
  :: what == INITIALIZE_FAILED -> tell_worker(w, worker_child_initializeFailed)
  :: what == STARTED -> tell_worker(w, worker_task_started(which_task))
  :: what == HAS_RETURNED -> tell_worker(w, worker_task_returned(which_task))
  :: what == HAS_THROWN ->
     tell_worker(w, worker_task_threw(which_task, (phase[which_task] == OPEN -> 1 : 0)))
  :: what == DROPPED -> tell_worker(w, worker_task_dropped(which_task))
  fi
}

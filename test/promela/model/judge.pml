/* What must not be: each is an assertion, and none of them changes anything. */

/* A task settles once, and as what it is. */
inline judge_outcome() {
  assert(phase[id] == OPEN);
  assert(first != outcome_fulfilled || truth[id] == RETURNED);
  assert(first != outcome_rejected || truth[id] == THREW);
  assert(first != outcome_lost || truth[id] == NOTHING);
  assert(first != outcome_cancelled || cancel_asked[id]);
  assert((first != outcome_timedOut && first != outcome_queueTimedOut && first != outcome_deadlineMissed)
    || limit_passed[id]);
  assert(first != outcome_closed || closing >= NOW || announced == state_broken);
  assert(first != outcome_broken || announced == state_broken)
}

inline judge_refusal() {
  assert(announced != state_running || closing != 0)
}

inline judge_announcement() {
  assert(announced != first);
  assert((first != state_closed && first != state_draining) || closing != 0);
  assert(first != state_broken || failures > RESTARTS || failures_in_row > RESTARTS)
}

/* A worker is forgotten when its child is dead and all that it wrote was read. */
inline judge_end() {
  assert(life[id] != UP);
  assert(life[id] != DEAD || exit_told[id]);
  assert(len(up[id]) == 0);
  assert(first != end_none && first != end_protocolBroken && first != end_frozen)
}

#define IS_LEFT(w) (worker_state[w] != 0 || life[w] != 0)
#define IS_UNSETTLED(t) (phase[t] == OPEN)
#define IS_THERE(t) (task_state[t] != 0)
#define IS_STARVED(w) (serves[w] && len(held[w]) < CONCURRENCY)

/* When nothing has to happen any more, nobody may be waiting for something. */
#define MAY_REST (!SOME_TASK(IS_UNSETTLED) \
  && (closing == 0 || announced == state_closed) \
  && (announced != state_broken || !SOME_WORKER(IS_LEFT)) \
  && (closing != 0 || announced == state_broken \
    || c_expr { pool_live[now.pool_state] >= pool_min[now.pool_state] && pool_starting[now.pool_state] == 0 \
      && (!IDLE_TIMER || pool_live[now.pool_state] <= pool_min[now.pool_state]) }))

hidden byte nobody_waits;

/* After each turn. The last is freedom from deadlock. */
inline judge() {
  assert(announced != state_closed || !SOME_WORKER(IS_LEFT));
  assert(announced != state_closed || !SOME_TASK(IS_UNSETTLED));
  assert(announced != state_closed || !SOME_TASK(IS_THERE));
  assert(len(queue) == 0 || !SOME_WORKER(IS_STARVED));
  assert(!must_break || !POOL_IS_OPEN);
  nobody_waits = (SOMETHING_MUST_HAPPEN || MAY_REST);
  assert(nobody_waits)
}

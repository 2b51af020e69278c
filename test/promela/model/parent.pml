/* What the machines of the parent ask for. `id`: who asks; `first`, `second`: the command's parameters. */

inline write_down(message, of_task, in_attempt) {
  assert(life[id] != NEVER_BORN && !exit_told[id] && !close_told[id]);
  if
  :: life[id] == UP -> down[id]!message, of_task, in_attempt
  :: else
  fi
}

inline new_worker() {
  place = 1;
  do
  :: place < WORKERS && worker_state[place] != 0 -> place++
  :: else -> break
  od;
  assert(worker_state[place] == 0);
  starter = FIRST_WORKER + place;
  enter_at_start(WORKER, place)
}

inline spawn_child() {
  assert(life[id] == 0);
  if
  :: life[id] = UP; starter = START_CHILD; enter_at_start(CHILD, id)
  :: spawn_failures_left > 0 -> spawn_failures_left--; life[id] = NEVER_BORN
  fi
}

inline tell_every_worker(to_event) {
  place = 1;
  do
  :: place <= WORKERS ->
     tell_worker(place, to_event);
     place++
  :: else -> break
  od
}

hidden byte is_untold[TASKS + 1];
#define TO_BE_TOLD(t) is_untold[t] = KNOWN(t);
#define IS_UNTOLD(t) is_untold[t]
#define TELL_NEXT(t) \
  :: is_untold[t] && (t == place || (host_of[place] != 0 && host_of[t] == host_of[place])) -> which_task = t

/* In any order those of one worker: what is written to it stays in that order. */
inline tell_every_task(to_event) {
  EACH_TASK(TO_BE_TOLD)
  do
  :: SOME_TASK(IS_UNTOLD) ->
     place = 1;
     do
     :: !is_untold[place] -> place++
     :: else -> break
     od;
     if
     EACH_TASK(TELL_NEXT)
     fi;
     is_untold[which_task] = 0;
     tell_task(which_task, to_event)
  :: else -> break
  od
}

/* Back to the front, if some worker had it. */
inline enqueue_task() {
  assert(!(queue ?? [eval(id)]));
  host_of[id] = 0;
  queue!id;
  place = len(queue);
  do
  :: first == 1 && place > 1 ->
     place--;
     queue?which_task;
     queue!which_task
  :: else -> break
  od
}

inline dequeue_task() {
  if
  :: queue ?? [eval(id)] -> queue??eval(id)
  :: else
  fi
}

inline settle_task() {
  judge_outcome();
  phase[id] = SETTLED;
  truth[id] = NOTHING;
  cancel_asked[id] = 0;
  limit_passed[id] = 0;
  tell_pool(pool_task_settled)
}

inline forget_fate(of_task) {
  phase[of_task] = OVER;
  attempt_of[of_task] = 0;
  host_of[of_task] = 0;
  begun_in[of_task] = 0;
  truth[of_task] = NOTHING;
  cancel_asked[of_task] = 0;
  limit_passed[of_task] = 0
}

inline signal_child() {
  assert(!exit_told[id]);
  if
  :: life[id] == UP && first == SIGTERM && deaf_to_term_left > 0 -> deaf_to_term_left--
  :: life[id] == UP && first == SIGKILL && deaf_to_kill_left > 0 -> deaf_to_kill_left--
  :: life[id] == UP && signalled[id] < first -> signalled[id] = first
  :: life[id] != UP || signalled[id] >= first
  fi
}

/* Mail to a worker that is gone is dropped: the next worker is another one. */
inline forget_worker() {
  judge_end();
  if
  :: second == 0 && first != end_stopped && first != end_killed ->
     failures++;
     failures_in_row++;
     must_break = (failures > RESTARTS || failures_in_row > RESTARTS) && POOL_IS_OPEN && !SOME_WORKER(SERVES)
  :: else
  fi;
  do
  :: len(up[id]) > 0 ->
     up[id]?what, which_task, which_attempt;
     lose_message()
  :: else -> break
  od;
  life[id] = 0;
  exit_told[id] = 0;
  close_told[id] = 0;
  reads_rest[id] = 0;
  stop_everything(id);
  worker_state[id] = 0;
  place = mail_read;
  do
  :: place < mail_count ->
     mail_kind[place] = (mail_kind[place] == WORKER && mail_to[place] == id -> 0 : mail_kind[place]);
     place++
  :: else -> break
  od
}

inline perform_parent() {
  if
  :: command == do_tell_pool -> tell_pool(second)
  :: command == do_tell_worker -> tell_worker(first, second)
  :: command == do_tell_task -> tell_task(first, second)
  /* of the pool */
  :: command == do_createTask ->
     starter = FIRST_TASK + first;
     enter_at_start(TASK, first)
  :: command == do_refuseTask -> judge_refusal(); forget_fate(first)
  :: command == do_spawnWorkers ->
     if
     :: spawned < first ->
        spawned++;
        frame_at[frames - 1] = frame_at[frames - 1] - 3;
        new_worker()
     :: else -> spawned = 0
     fi
  :: command == do_stopWorkers -> tell_every_worker(worker_leave_asked)
  :: command == do_destroyWorkers -> tell_every_worker(worker_destroy_asked)
  :: command == do_abandonQueue -> tell_every_task(task_queue_abandoned)
  :: command == do_abandonTasks -> tell_every_task(task_pool_abandoned(first))
  :: command == do_announceState -> judge_announcement(); announced = first
  :: command == do_lookAgain -> look_again = 1
  :: command == do_forgetTimers -> pool_state = c_expr { without_timers[now.pool_state] }
  /* of a task */
  :: command == do_enqueue -> enqueue_task()
  :: command == do_dequeue -> dequeue_task()
  :: command == do_settle -> settle_task()
  :: command == do_forgetTask ->
     assert(phase[id] == SETTLED);
     forget_fate(id);
     task_state[id] = 0
  :: command == do_noteTaskStart || command == do_announceRetry || command == do_announceRoom
  /* of a worker */
  :: command == do_spawnChild -> spawn_child()
  :: command == do_writeInit -> write_down(INIT, 0, 0)
  :: command == do_writeRun ->
     assert(KNOWN(first));
     attempt_of[first] = second;
     host_of[first] = id;
     truth[first] = NOTHING;
     write_down(RUN, first, second)
  :: command == do_writeCancel && KNOWN(first) -> write_down(CANCEL_RUN, first, 0)
  :: command == do_writeRecall && KNOWN(first) -> write_down(RECALL_RUN, first, 0)
  :: (command == do_writeCancel || command == do_writeRecall) && !KNOWN(first)
  :: command == do_writeStop -> write_down(STOP, 0, 0)
  :: command == do_readRest -> reads_rest[id] = 1
  :: command == do_signalChild -> signal_child()
  :: command == do_offerSlots ->
     assert(!serves[id]);
     serves[id] = 1;
     look_again = 1;
     failures_in_row = 0
  :: command == do_withdrawSlots ->
     serves[id] = 0;
     do
     :: len(held[id]) > 0 -> held[id]?place
     :: else -> break
     od;
     look_again = 1
  :: command == do_freeSlot ->
     if
     :: held[id] ?? [eval(first)] -> held[id]??eval(first)
     :: else
     fi
  :: command == do_loseRunning ->
     if
     :: KNOWN(first) -> tell_task(first, task_worker_lost((phase[first] == OPEN -> 1 : 0)))
     :: else
     fi
  :: command == do_startTask -> tell_task(first, task_task_started)
  :: command == do_loseHanded ->
     assert(!KNOWN(first) || begun_in[first] < attempt_of[first]);
     tell_task(first, task_worker_lost(0))
  :: command == do_forgetWorker -> forget_worker()
  :: command == do_nobodyPerforms -> assert(false)
  fi
}

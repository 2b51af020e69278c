/* What a child's machine asks for, and how a child ends. `id`: whose child. */

hidden byte dying;
hidden byte what;
hidden byte which_task;
hidden byte which_attempt;
hidden byte kept;

inline write_up(message, of_task) {
  up[id]!message, of_task, run_attempt[AT(id, of_task)]
}

inline end_run(w, at_task) {
  run_attempt[AT(w, at_task)] = 0;
  runs[AT(w, at_task)] = 0;
  is_aborted[AT(w, at_task)] = 0;
  result_of[AT(w, at_task)] = NOTHING
}

/* A function may begin once in an attempt. */
inline run_task() {
  assert(!runs[AT(id, first)]);
  runs[AT(id, first)] = 1;
  if
  :: KNOWN(first) ->
     assert(begun_in[first] < run_attempt[AT(id, first)]);
     begun_in[first] = run_attempt[AT(id, first)]
  :: else
  fi
}

inline write_outcome() {
  if
  :: run_attempt[AT(id, first)] != 0 && result_of[AT(id, first)] == RETURNED -> write_up(HAS_RETURNED, first)
  :: run_attempt[AT(id, first)] != 0 && result_of[AT(id, first)] == THREW -> write_up(HAS_THROWN, first)
  :: else
  fi;
  end_run(id, first)
}

inline perform_child() {
  if
  :: command == do_writeHello -> up[id]!HELLO, 0, 0
  :: command == do_runInitialize -> initializes[id] = 1
  :: command == do_writeReady -> up[id]!READY, 0, 0
  :: command == do_writeInitializeFailed -> up[id]!INITIALIZE_FAILED, 0, 0
  :: command == do_sendStart ->
     /* The kernel takes it at once, with all that was written before. */
     assert(run_attempt[AT(id, first)] != 0);
     write_up(STARTED, first);
     flushed[id] = len(up[id]);
     tell_child(id, child_start_flushed(first))
  :: command == do_look -> looks[id] = 1
  :: command == do_runTask -> run_task()
  :: command == do_abortTask -> is_aborted[AT(id, first)] = 1
  :: command == do_writeOutcome -> write_outcome()
  :: command == do_writeDropped ->
     write_up(DROPPED, first);
     end_run(id, first)
  :: command == do_flushAndExit -> leaves[id] = 1
  :: command == do_exitNow -> dying = id; die()
  :: else -> assert(false)
  fi
}

/* An outcome that nobody will ever read: how the function ended is unknown again. */
inline lose_message() {
  if
  :: what == HAS_RETURNED || what == HAS_THROWN ->
     if
     :: KNOWN(which_task) && attempt_of[which_task] == which_attempt -> truth[which_task] = NOTHING
     :: else
     fi
  :: else
  fi
}

/* All that the kernel has is kept; of the rest any first part. */
inline die() {
  kept = flushed[dying];
  do
  :: kept < len(up[dying]) -> kept++
  :: break
  od;
  place = len(up[dying]);
  do
  :: place > 0 ->
     place--;
     up[dying]?what, which_task, which_attempt;
     if
     :: kept > 0 ->
        kept--;
        up[dying]!what, which_task, which_attempt
     :: else -> lose_message()
     fi
  :: else -> break
  od;
  life[dying] = DEAD;
  stop_everything(dying);
  dying = 0
}

inline stop_everything(w) {
  child_state[w] = 0;
  flushed[w] = 0;
  signalled[w] = 0;
  initializes[w] = 0;
  looks[w] = 0;
  leaves[w] = 0;
  do
  :: len(down[w]) > 0 -> down[w]?what, which_task, which_attempt
  :: else -> break
  od;
  place = 1;
  do
  :: place <= TASKS ->
     end_run(w, place);
     place++
  :: else -> break
  od
}

/*
 * One turn of a process: events are taken first in, first out; each leads to a new state, and then its
 * commands are performed in order. Who is created inside a command begins before the next command.
 */

#define MAIL_MAX 30
hidden byte mail_kind[MAIL_MAX];
hidden byte mail_to[MAIL_MAX];
hidden byte mail_event[MAIL_MAX];
hidden byte mail_count;
hidden byte mail_read;

/* Programs that are being performed, the innermost last. */
#define FRAMES_MAX 4
hidden byte frame_kind[FRAMES_MAX];
hidden byte frame_id[FRAMES_MAX];
hidden int frame_at[FRAMES_MAX];
hidden byte frames;

hidden byte kind;
hidden byte id;
hidden byte event_number;
hidden int cell;
hidden int local_state;
hidden int program_at;
hidden int starter;
hidden byte command;
hidden byte first;
hidden byte second;
hidden byte place;
hidden byte spawned;
hidden byte is_parents;

inline post(to_kind, to_id, to_event) {
  assert(mail_count < MAIL_MAX);
  mail_kind[mail_count] = to_kind;
  mail_to[mail_count] = to_id;
  mail_event[mail_count] = to_event;
  mail_count++
}

inline tell_pool(to_event) {
  post(POOL, 0, to_event)
}

/* A task handed to nobody would be lost; anything else may come too late. */
inline tell_worker(to_id, to_event) {
  if
  :: worker_state[to_id] != 0 -> post(WORKER, to_id, to_event)
  :: else -> assert(!IS_ASSIGNMENT(to_event))
  fi
}

inline tell_task(to_id, to_event) {
  if
  :: task_state[to_id] != 0 -> post(TASK, to_id, to_event)
  :: else
  fi
}

inline tell_child(to_id, to_event) {
  post(CHILD, to_id, to_event)
}

/* A member goes to `local_state`, and its commands are performed next: those from `program_at` on. */
inline enter(whose, which) {
  assert(frames < FRAMES_MAX);
  frame_at[frames] = program_at;
  frame_kind[frames] = whose;
  frame_id[frames] = which;
  frames++;
  if
  :: whose == POOL -> pool_state = local_state
  :: whose == WORKER -> worker_state[which] = local_state
  :: whose == TASK -> task_state[which] = local_state
  :: whose == CHILD -> child_state[which] = local_state
  fi
}

/* A member that starts: `starter` is its place in the list of starts. */
inline enter_at_start(whose, which) {
  local_state = c_expr { start_state[starter] };
  program_at = c_expr { start_program[starter] };
  enter(whose, which)
}

/* `kind`, `id`: who; `local_state`: in which state. */
inline look_up_state() {
  if
  :: kind == POOL -> local_state = pool_state
  :: kind == WORKER -> local_state = worker_state[id]
  :: kind == TASK -> local_state = task_state[id]
  :: kind == CHILD -> local_state = child_state[id]
  fi
}

/* -1: the definition does not know the event there. -2: the tables are too small. */
inline step_by_cell() {
  assert(c_expr { step_next[cell] != -1 });
  assert(c_expr { step_next[cell] != -2 });
  local_state = c_expr { step_next[cell] };
  program_at = c_expr { step_program[cell] };
  enter(kind, id)
}

inline take_mail() {
  kind = mail_kind[mail_read];
  id = mail_to[mail_read];
  event_number = mail_event[mail_read];
  mail_read++;
  look_up_state();
  if
  :: kind != 0 && local_state != 0 ->
     cell = c_expr { step_row[local_state] + event_number };
     step_by_cell()
  :: else
  fi
}

inline take_command() {
  kind = frame_kind[frames - 1];
  id = frame_id[frames - 1];
  command = c_expr { program[frame_at[frames - 1]] };
  first = c_expr { program[frame_at[frames - 1] + 1] };
  second = c_expr { program[frame_at[frames - 1] + 2] };
  frame_at[frames - 1] = frame_at[frames - 1] + 3;
  if
  :: command == do_end -> frames--
  :: else ->
     if
     :: kind == CHILD -> perform_child()
     :: else -> perform_parent()
     fi
  fi
}

inline take_turn() {
  do
  :: frames > 0 -> take_command()
  :: frames == 0 && mail_read < mail_count -> take_mail()
  :: frames == 0 && mail_read == mail_count ->
     mail_read = 0;
     mail_count = 0;
     if
     :: is_parents -> dispatch()
     :: else
     fi;
     if
     :: mail_count == 0 -> break
     :: else
     fi
  od
}

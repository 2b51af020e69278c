/*
 * Which task goes to which worker. Any order is allowed among workers that are free; what may be handed over
 * ahead may as well not be.
 */

hidden byte chosen;
hidden byte idle;
hidden byte seen_before;
hidden byte was_handed_over;

#define IS_FREE(w) (serves[w] && len(held[w]) < CONCURRENCY)
#define HAS_ROOM(w) (serves[w] && len(held[w]) < CAPACITY)
#define CHOOSE_FREE(w) :: IS_FREE(w) -> chosen = w
#define CHOOSE_ROOM(w) :: HAS_ROOM(w) -> chosen = w
#define MAY_GROW c_expr { pool_live[now.pool_state] < pool_max[now.pool_state] }
#define COUNT_IDLE(w) if :: serves[w] && len(held[w]) == 0 -> idle++ :: else fi;

inline hand_over() {
  queue?place;
  held[chosen]!place;
  was_handed_over = 1;
  tell_task(place, task_task_assigned(chosen))
}

inline tell_demand() {
  seen_before = seen_demand;
  seen_demand = len(queue);
  if
  :: look_again || (seen_demand > seen_before && MAY_GROW) ->
     look_again = 0;
     idle = 0;
     EACH_WORKER(COUNT_IDLE)
     tell_pool(pool_demand_seen(seen_demand, idle))
  :: else
  fi
}

inline dispatch() {
  was_handed_over = 0;
  do
  :: len(queue) > 0 && SOME_WORKER(IS_FREE) ->
     if
     EACH_WORKER(CHOOSE_FREE)
     fi;
     hand_over()
  :: len(queue) > 0 && !SOME_WORKER(IS_FREE) && SOME_WORKER(HAS_ROOM) ->
     if
     EACH_WORKER(CHOOSE_ROOM)
     :: chosen = 0
     fi;
     if
     :: chosen == 0 -> break
     :: else -> hand_over()
     fi
  :: len(queue) == 0 || !SOME_WORKER(HAS_ROOM) -> break
  od;
  if
  :: was_handed_over
  :: else -> tell_demand()
  fi
}

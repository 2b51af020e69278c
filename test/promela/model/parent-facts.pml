/* What the parent and its callers know, beside the machines. */

/* The dispatcher. */
chan queue = [TASKS] of { byte };
bit serves[WORKERS + 1];
chan held[WORKERS + 1] = [CAPACITY] of { byte };
bit look_again = 1;
byte seen_demand;

/* The ledger: a task is open until it settles for its caller, and over when nobody has it any more. */
#define OPEN 1
#define SETTLED 2
#define OVER 3
byte phase[TASKS + 1];
byte attempt_of[TASKS + 1];
byte host_of[TASKS + 1];
bit cancel_asked[TASKS + 1];
bit limit_passed[TASKS + 1];
#define KNOWN(t) (phase[t] == OPEN || phase[t] == SETTLED)

/* What is true of a function and nobody may be told wrongly. */
#define NOTHING 0
#define RETURNED 1
#define THREW 2
byte begun_in[TASKS + 1];
byte truth[TASKS + 1];

/* How closing was asked for, the more urgent the larger, and what was announced. */
#define DRAIN 1
#define NOW 2
#define TERMINATE 3
byte closing;
byte announced = state_running;
byte failures;
byte failures_in_row;
/* Starts have failed too often, and nobody served when the last one did. */
bit must_break;
#define SERVES(w) serves[w]
#define POOL_IS_OPEN c_expr { pool_is_open[now.pool_state] }

/* What callers may still do, and what may still go wrong. */
byte submits_left = BUDGET_submit;
byte cancels_left = BUDGET_cancel;
byte closes_left = BUDGET_close;
byte closes_now_left = BUDGET_closeNow;
byte terminates_left = BUDGET_terminate;
byte crashes_left = BUDGET_crash;
byte spawn_failures_left = BUDGET_spawnFails;
byte initialize_failures_left = BUDGET_initializeFails;
byte throws_left = BUDGET_taskThrows;
byte early_timers_left = BUDGET_earlyTimer;
byte deaf_to_term_left = BUDGET_deafToTerm;
byte deaf_to_kill_left = BUDGET_deafToKill;

/* Child processes and their pipes. */

#define UP 1
#define DEAD 2
#define NEVER_BORN 3
byte life[WORKERS + 1];
bit exit_told[WORKERS + 1];
bit close_told[WORKERS + 1];
/* The parent reads what is left, and then waits no longer for the end of the channel. */
bit reads_rest[WORKERS + 1];
#define SIGTERM 1
#define SIGKILL 2
byte signalled[WORKERS + 1];

/* Messages: what, of which task, in which attempt. */
#define INIT 1
#define RUN 2
#define CANCEL_RUN 3
#define RECALL_RUN 4
#define STOP 5
chan down[WORKERS + 1] = [2 + 3 * TASKS] of { byte, byte, byte };
#define HELLO 1
#define READY 2
#define INITIALIZE_FAILED 3
#define STARTED 4
#define HAS_RETURNED 5
#define HAS_THROWN 6
#define DROPPED 7
chan up[WORKERS + 1] = [2 + 3 * TASKS] of { byte, byte, byte };
/* How many of them the kernel has: these survive their child. */
byte flushed[WORKERS + 1];

/* What a child does beside its machine. */
bit initializes[WORKERS + 1];
bit looks[WORKERS + 1];
bit leaves[WORKERS + 1];

/* The tasks in a child: in which attempt (0: not there), and how far its function is. */
byte run_attempt[PAIRS];
bit runs[PAIRS];
bit is_aborted[PAIRS];
byte result_of[PAIRS];

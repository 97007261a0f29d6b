/*
 * Room: how publishers wait for receivers that must not lose.
 *
 * Run it with scripts/models.sh, which also lists the bounds of each scenario.
 *
 * What is claimed
 * ---------------
 * A publisher that waits overwrites no message that a lossless receiver is owed: everything from
 * its start on, and its start is still there when the subscription ends. When nobody can move any
 * more, a publisher is parked only if the bus is open and there is no room for the next message.
 * Nobody looks by itself after a time: the wake-ups alone suffice.
 *
 * What corresponds
 * ----------------
 *     submitter      PublisherWaits.claim, with Ring.claim, Room.test, join and leave
 *     publisher      Ring.claim without a room
 *     closer         Ring.close, Room.closed
 *     receiver       Cursor and LosslessAccount: advanced, moved, settled
 *     admit          Room.admit, with Ring.renew
 *     signal         Room.signal, with wakeIfRoom and isPassed
 *     test           Room.test, with look, lowest and Limit.raise
 *
 * Memory
 * ------
 * The store of a position, the place of a publisher in the queue, and the account and the limit of
 * a subscriber may stay in the store buffer of the thread that wrote them, in their order, while
 * that thread reads on. A full fence, the next compare-and-set and parking empty it. That is weaker
 * than x86, whose locked instructions are fences. It is weaker than the code too, whose volatile
 * reads would order some of it: what is claimed rests on the fences alone. A buffer holds one
 * position; a second waits until the first is in memory.
 *
 * A step of the model is one access that others can tell apart from the next. So
 * - the walk of a publisher to the tail and its read of the slot there are one step, because a slot
 *   that is found free at t says that t was the tail then;
 * - all positions are read in one step, after the list was: see test;
 * - the read of a message and the store of the position after it are one step, because the store
 *   may stay in the buffer;
 * - the count of waiting publishers and the head of a queue are read in one step, because the
 *   count is not zero while the queue is not empty.
 * The store of the wanted position is not kept in the buffer. An older value is a lower one, for
 * which a publisher is woken sooner.
 *
 * What is left out
 * ----------------
 * How receivers are woken: see wait_stack.pml. Here a receiver takes what is there. Batches, in
 * which a publisher must wake receivers before it waits. The look by itself after a time, for which
 * a publisher asks Room.isFirst. Patience, abandoned receivers, a wait for oneself, errors, and the
 * unlinking of ended accounts. The search of the tail, which Lincheck checks. Whether a publisher
 * that is overtaken again and again comes to its turn.
 *
 * Planted faults
 * --------------
 *     NO_FENCE_AT_STEP         a receiver looks at the queue before its position is in memory
 *     NO_FENCE_AT_JOIN         a publisher looks for room before its place is in the queue
 *     NO_FENCE_AT_SUBSCRIBE    a subscriber reads the tail before it is listed
 *     NO_SECOND_LOOK           a publisher parks once it has joined, without a look
 *     OLD_LIMIT_KEPT           a subscriber installs no new limit
 *     LIMIT_IN_PLACE           it sets the one there is to nothing
 *     LIMIT_BEFORE_LISTING     it installs a new one before it is listed
 *     LIMIT_AFTER_WALK         a publisher raises a limit that it read after its walk
 *     NO_COPY                  a start with the oldest of a full window copies no cell
 *     ENDS_IN_SILENCE, CLOSES_IN_SILENCE, LEAVES_IN_SILENCE, SUBSCRIBES_IN_SILENCE
 *                              what ends, closes, leaves or is admitted wakes nobody
 *
 * A receiver that runs dry wakes nobody, and need not. All that a publisher is woken for is that
 * each receiver has reached its wanted position, less the capacity, plus a stride. At the first
 * multiple of the stride from there on a receiver looks anyway. That multiple is at most the wanted
 * position, since the stride is at most a quarter of the capacity, or one. So no receiver runs dry
 * before it.
 */

/* ---- bounds: a scenario overrides them ---- */

#ifndef CAPACITY
#define CAPACITY 2
#endif
#ifndef STRIDE
#define STRIDE 1
#endif
/* Messages in the window at the beginning; the receivers that are there stand at 0. */
#ifndef BEFORE
#define BEFORE 0
#endif
/* Publishers that wait, and how many messages each submits. */
#ifndef SUBMITTERS
#define SUBMITTERS 2
#endif
#ifndef EACH
#define EACH 1
#endif
/* 2: publishers of even and of odd number have a queue each, as virtual and platform threads do. */
#ifndef KINDS
#define KINDS 1
#endif
/* Publishers that do not wait, with one message each. */
#ifndef PUBLISHERS
#define PUBLISHERS 0
#endif
/* Lossless receivers that are there at the beginning, and such as subscribe meanwhile. */
#ifndef EARLY
#define EARLY 1
#endif
#ifndef LATE
#define LATE 0
#endif
/* OLDEST or NEWEST: where the late ones start. */
#ifndef START
#define START OLDEST
#endif
/*
 * MAY_END: one receiver may end at any time. MAY_STALL: it may stop taking at any time.
 * MAY_GIVE_UP: a publisher may end its wait at any time. CLOSES: the bus is closed at some time.
 */

#define OLDEST (tail < CAPACITY -> 0 : tail - CAPACITY)
#define NEWEST tail
#define RECEIVERS (EARLY + LATE)
#define LINE (SUBMITTERS + 1)
#define HEAD(p) ((p) % KINDS * LINE)    /* where the queue of a publisher begins */
#define NEVER 255                 /* above every position */

/* A cell: 0 is null, 255 the terminal; else the message, and how often it was copied. */
#define TERMINAL 255
#define MESSAGE(s) (4 * (s + 1))
#define SEQUENCE(c) (c / 4 - 1)

byte slot[CAPACITY];
byte tail = BEFORE;               /* what a search of the slots finds; where the terminal is */
bool closed;

byte position[RECEIVERS];         /* as others see it */
bool listed[RECEIVERS];
bool holding[RECEIVERS];          /* the account has not ended */
byte limit;                       /* the Limit in force, by number */
byte limits = 1;                  /* made so far */
byte below[LATE + 1];

byte waiting;
byte queue[KINDS * LINE];         /* publishers, by number plus 1; 0 behind the last of a queue */
byte wanted[SUBMITTERS];
bool permit[SUBMITTERS];          /* of LockSupport */

/* The store buffers. */
bool stored[RECEIVERS];           /* a position on its way to memory */
byte storing[RECEIVERS];
byte joining;                     /* a publisher whose place in the queue is, plus 1 */
byte listing;                     /* a receiver whose account is, plus 1 */
bool limiting;                    /* a new Limit is */

byte started;                     /* publishers are alike: one order of first steps is enough */

/* For the properties; the protocol does not read these. */
byte owed[RECEIVERS];             /* the first message owed to the receiver; NEVER: none */
bool parked[SUBMITTERS];

/* ---- memory ---- */

inline flushPosition(i) {
    if
    :: stored[i] -> position[i] = storing[i]; stored[i] = false; storing[i] = 0
    :: else
    fi
}

inline flushListing() {
    if
    :: listing != 0 -> listed[listing - 1] = true; listing = 0
#ifdef LIMIT_IN_PLACE
    :: listing == 0 && limiting -> below[0] = 0; limiting = false
#else
    :: listing == 0 && limiting -> limit = limits; limits++; limiting = false
#endif
    fi
}

inline flushJoining() {
    i = HEAD(joining - 1);
    do
    :: queue[i] != 0 -> i++
    :: else -> break
    od;
    queue[i] = joining;
    joining = 0;
    i = 0
}

/* What the buffers hold may reach memory at any time. */
proctype memory() {
    byte i;
end:
    do
    :: atomic {
        stored[0] -> i = 0; flushPosition(i)
    }
#if RECEIVERS > 1
    :: atomic {
        stored[1] -> i = 1; flushPosition(i); i = 0
    }
#endif
#if RECEIVERS > 2
    :: atomic {
        stored[2] -> i = 2; flushPosition(i); i = 0
    }
#endif
    :: atomic { joining != 0 -> flushJoining() }
    :: atomic { listing != 0 || limiting -> flushListing() }
    od
}

/* ---- publishers ---- */

/* Room.test, with look and lowest: sets granted. Between the read of the slot and the claim. */
inline test() {
    known = limit;
    if
    :: t < below[known] -> granted = true
    :: else ->
        atomic {
            i = 0;
            do
            :: i < RECEIVERS -> seen[i] = listed[i]; i++
            :: else -> break
            od
        }
        /* The positions rise only: read one by one they allow no more than read together at the
         * end, and refuse no more than read together when the one that refuses was read. */
        atomic {
            lowest = NEVER;
            i = 0;
            do
            :: i < RECEIVERS ->
                if
                :: seen[i] && holding[i] && position[i] < lowest -> lowest = position[i]
                :: else
                fi;
                seen[i] = false;
                i++
            :: else -> break
            od;
            i = 0;
            if
            :: lowest != NEVER -> lowest = lowest + CAPACITY
            :: else
            fi;
            granted = t < lowest;
#ifndef LIMIT_AFTER_WALK
            if
            :: below[known] < lowest -> below[known] = lowest
            :: else
            fi;
            lowest = 0
#endif
        }
#ifdef LIMIT_AFTER_WALK
        atomic {
            if
            :: below[limit] < lowest -> below[limit] = lowest
            :: else
            fi;
            lowest = 0
        }
#endif
    fi;
    known = 0
}

/* A message is placed: what a lossless receiver is owed stays. */
inline place() {
    slot[t % CAPACITY] = MESSAGE(t);
    tail++
}

inline retained() {
    i = 0;
    do
    :: i < RECEIVERS ->
        assert(owed[i] == NEVER || t < owed[i] + CAPACITY);
        i++
    :: else -> break
    od;
    i = 0
}

/*
 * Ring.claim: sets outcome. A slot found free at t says that t was the tail then.
 */
#define DONE 1
#define CLOSED 2
#define FULL 3

inline claim() {
    do
    :: atomic { t = tail; found = slot[t % CAPACITY] };
        if
        :: atomic { found == TERMINAL -> outcome = CLOSED; break }
        :: else
        fi;
        test();
        if
        :: atomic { !granted -> outcome = FULL; break }
        :: else
        fi;
        atomic {
            granted = false;
            if
            :: slot[t % CAPACITY] == found ->
                retained();
                place();
                outcome = DONE;
                break
            :: else
            fi
        }
    od;
    atomic { granted = false; found = 0 }
}

/* Room.wake, of the first of the queue that begins there. */
inline wakeFirst(begin) {
    first = queue[begin];
    atomic {
        if
        :: first != 0 -> permit[first - 1] = true
        :: else
        fi;
        first = 0
    }
}

/* Room.leave: that the count is too high for a moment costs a look. */
inline leave() {
    atomic {
        i = HEAD(p);
        do
        :: queue[i] != p + 1 -> i++
        :: else -> break
        od;
        do
        :: i < HEAD(p) + SUBMITTERS -> queue[i] = queue[i + 1]; i++
        :: else -> break
        od;
        i = 0;
        waiting--
    }
#ifndef LEAVES_IN_SILENCE
    wakeFirst(HEAD(p))
#endif
}

proctype submitter(byte p) {
    byte t, found, known, lowest, outcome, first, i;
    byte left = EACH;
    bool granted, timed;
    bool seen[RECEIVERS];

    atomic { started == p -> started++ };
    do
    :: left == 0 -> break
    :: else ->
        claim();
        if
        :: atomic { outcome == DONE -> outcome = 0; t = 0; left--; goto next }
        :: atomic { outcome == CLOSED -> outcome = 0; t = 0; left = 0; goto next }
        :: else
        fi;

        /* Room.join */
        atomic {
            outcome = 0;
#ifdef MAY_GIVE_UP
            if
            :: timed = true
            :: timed = false
            fi;
#endif
            wanted[p] = tail;
            waiting++
        }
        atomic {
            joining == 0;
            joining = p + 1;
#ifndef NO_FENCE_AT_JOIN
            flushJoining()
#endif
        }
#ifdef NO_SECOND_LOOK
        goto park;
#endif
again:
        wanted[p] = tail;
        claim();
        if
        :: outcome == FULL -> outcome = 0
        :: else -> goto served
        fi;
park:
        atomic {
            if
            :: joining == p + 1 -> flushJoining()     /* park orders too */
            :: else
            fi;
            t = 0;
            parked[p] = true
        }
end_park:
        atomic {
            if
            :: permit[p] -> permit[p] = false; parked[p] = false; goto again
            :: timed -> parked[p] = false
            fi
        }
served:
        atomic {
            if
            :: joining == p + 1 -> flushJoining()
            :: else
            fi
        }
        leave();
        atomic {
            if
            :: outcome == CLOSED -> left = 0
            :: else -> left--
            fi;
            outcome = 0;
            timed = false;
            t = 0
        }
next:
        skip
    od
}

/* Publishes without a look at the room. */
proctype publisher() {
    byte t, found;
    do
    :: atomic { t = tail; found = slot[t % CAPACITY] };
        atomic {
            if
            :: found == TERMINAL -> break
            :: found != TERMINAL && slot[t % CAPACITY] == found -> place(); break
            :: else
            fi
        }
    od
}

/* Ring.close and Room.closed */
proctype closer() {
    byte t, found, first;
    do
    :: atomic { t = tail; found = slot[t % CAPACITY] };
        atomic {
            if
            :: slot[t % CAPACITY] == found ->
                slot[t % CAPACITY] = TERMINAL;
                closed = true;
                break
            :: else
            fi
        }
    od;
#ifndef CLOSES_IN_SILENCE
    wakeFirst(0);
#if KINDS > 1
    wakeFirst(LINE)
#endif
#endif
}

/* ---- receivers ---- */

/* Room.wakeIfRoom, of the queue that begins there. */
inline wakeIfRoom(begin) {
    atomic { first = (waiting != 0 -> queue[begin] : 0) };
    atomic {
        if
        :: first != 0 ->
            i = 0;
            do
            :: i < RECEIVERS &&
                    (!listed[i] || !holding[i] ||
                        position[i] + CAPACITY >= wanted[first - 1] + STRIDE) -> i++
            :: else -> break
            od;
            if
            :: i == RECEIVERS -> permit[first - 1] = true
            :: else
            fi;
            i = 0
        :: else
        fi;
        first = 0
    }
}

/* Room.signal */
inline signal() {
    wakeIfRoom(0)
#if KINDS > 1
    ;
    wakeIfRoom(LINE)
#endif
}

/* The store of a position, and the fence if a look at the queue follows. */
inline store(at) {
    !stored[r];
    owed[r] = at;
#if STRIDE > 1 || defined(NO_FENCE_AT_STEP)
    stored[r] = true;
    storing[r] = at
#else
    position[r] = at
#endif
}

inline fence() {
#ifdef NO_FENCE_AT_STEP
    skip
#else
    flushPosition(r)
#endif
}

/* Room.admit: sets at. */
inline admit() {
    at = START;
#ifdef LIMIT_BEFORE_LISTING
    atomic { limiting = true; flushListing() };
#endif
    atomic {
        position[r] = at;
        holding[r] = true;
        listing = r + 1;
#ifndef NO_FENCE_AT_SUBSCRIBE
        flushListing()
#endif
    }
#if !defined(OLD_LIMIT_KEPT) && !defined(LIMIT_BEFORE_LISTING)
    atomic {
        limiting = true;
#ifndef NO_FENCE_AT_SUBSCRIBE
        flushListing()
#endif
    }
#endif
    do
    :: atomic { t = tail; at = START };
        if
        :: at + CAPACITY != t -> break
        :: else
        fi;
#ifdef NO_COPY
        break;
#else
        /* Ring.renew */
        found = slot[t % CAPACITY];
        if
        :: found == 0 || found == TERMINAL -> break
        :: else
        fi;
        atomic {
            if
            :: SEQUENCE(found) < t && slot[t % CAPACITY] == found ->
                slot[t % CAPACITY] = found + 1;
#ifdef NO_FENCE_AT_SUBSCRIBE
                if
                :: listing != 0 -> flushListing()
                :: else
                fi;
                if
                :: limiting -> flushListing()
                :: else
                fi;
#endif
                break
            :: else
            fi
        }
#endif
    od;
    atomic {
        t = 0;
        found = 0;
        /* it is owed everything from here on, and it is there */
        assert(PUBLISHERS > 0 || tail <= at + CAPACITY);
        store(at);
        fence()
    }
#ifndef SUBSCRIBES_IN_SILENCE
    signal()
#endif
}

proctype receiver(byte r; bool subscribes) {
    byte at, first, i, t, found;

    if
    :: subscribes -> admit()
    :: else
    fi;
end_receive:
    do
    /* takes a message */
    :: atomic {
        SEQUENCE(slot[at % CAPACITY]) == at && slot[at % CAPACITY] != TERMINAL ||
            slot[at % CAPACITY] == TERMINAL && at < tail ->
        at++;
        store(at);
        if
        :: at % STRIDE == 0 -> fence()
        :: else -> goto next
        fi
    };
        signal()
    /* lags: goes on with the oldest message, which it takes */
    :: atomic {
        at + CAPACITY < tail ->
        at = tail - CAPACITY + 1;
        store(at);
        fence()
    };
        signal()
    /* is told of the close */
    :: atomic { at == tail && closed -> goto ending }
#ifdef MAY_END
    :: r == 0 -> goto ending
#endif
#ifdef MAY_STALL
    :: goto done
#endif
next:
    skip
    od;
ending:
    atomic { holding[r] = false; owed[r] = NEVER };
#ifndef ENDS_IN_SILENCE
    signal()
#endif
done:
    skip
}

init {
    byte i;
    atomic {
        i = 0;
        do
        :: i < BEFORE -> slot[i % CAPACITY] = MESSAGE(i); i++
        :: else -> break
        od;
        i = 0;
        do
        :: i < RECEIVERS ->
            if
            :: i < EARLY -> listed[i] = true; holding[i] = true; run receiver(i, false)
            :: else -> owed[i] = NEVER; run receiver(i, true)
            fi;
            i++
        :: else -> break
        od;
        i = 0;
        do
        :: i < SUBMITTERS -> run submitter(i); i++
        :: else -> break
        od;
        i = 0;
        do
        :: i < PUBLISHERS -> run publisher(); i++
        :: else -> break
        od;
        i = 0;
#ifdef CLOSES
        run closer();
#endif
        run memory()
    }
    /* Nobody can move any more. */
    timeout;
    d_step {
        i = 0;
        do
        :: i < SUBMITTERS && parked[i] -> assert(!closed); break
        :: i < SUBMITTERS && !parked[i] -> i++
        :: else -> break
        od;
        if
        :: i < SUBMITTERS ->
            /* there is no room for the next message */
            i = 0;
            do
            :: i < RECEIVERS && (owed[i] == NEVER || tail < owed[i] + CAPACITY) -> i++
            :: else -> break
            od;
            assert(i < RECEIVERS)
        :: else
        fi
    }
}

/*
 * The wait stack: how a publisher wakes parked receivers, and how these wake one another.
 *
 * Run it with scripts/models.sh, which also lists the bounds of each scenario.
 *
 * What is claimed
 * ---------------
 * When nobody can move any more, no receiver is parked though there is a message it has not taken,
 * and each parked receiver has its node on the stack, where the next publish finds it. A node
 * leaves the stack, or the share that it is in, once. A receiver that never returns from its wait
 * would be found as such a state.
 *
 * What corresponds
 * ----------------
 *     publisher        Channel.publish: Ring.claim, then WaitStack.wakeIfAny
 *     receiver         Waiter.awaitEnlisted, and a Cursor that takes all there is
 *     arm, push        WaitStack.arm, link
 *     handTo, handOver, serve, popIdle    the methods of WaitStack of these names
 *     state, next, jump, depth, share, shareCount, thread    the fields of WaitNode
 *
 * Memory
 * ------
 * The write of a compare-and-set that arms a node may stay in the waiter's store buffer while the
 * waiter reads on: others see the old value, and cannot write there themselves. A full fence, the
 * next compare-and-set and parking empty the buffer. That is weaker than x86, whose locked
 * instructions are fences, and as weak as Java allows for an acquire read that follows. It is
 * weaker than the code in one point: the waiter's read of its node's state is volatile there and
 * is not relied upon here. The publisher's read of top is volatile, so nothing lies between its
 * compare-and-set and that read.
 *
 * A step of the model is one access to memory that others can tell apart from the next. So plain
 * fields of a node belong to the step that publishes the node or takes it out of others' reach. A
 * write that is followed by a fence with no read in between is one step with the fence. A push is
 * one step, since a node never comes back to the stack; with SPLIT_PUSH it is two, which does not
 * presuppose that. The depth of a node that has left the stack is read by nobody and set to zero,
 * and receivers push their first nodes in the order of their numbers, as they are all alike: both
 * make the search smaller.
 *
 * What is left out
 * ----------------
 * Errors (shares laid aside), the sweep of orphans, the linger, the close of a receiver, pools,
 * and the two kinds of threads: each kind has a stack of its own. By what rule a share is halved,
 * and after how many threads what is left of it is handed on: a server may do either at any time,
 * which covers every rule. A park without a reason is modelled by a permit that
 * an earlier wake-up left, and by waits that time out.
 *
 * Planted faults
 * --------------
 *     NO_FENCE              no fence between arming and the look
 *     NO_SECOND_LOOK        no look after arming
 *     ACQUIRE_TOP           the publisher's read of top may overtake its compare-and-set
 *     LOOK_BEFORE_CLAIM     the publisher reads top before its compare-and-set
 *     PLAIN_REARM           a node is armed again by a check and a store
 *     PUSHED_TWICE          a node that was taken is pushed again
 *     SHARE_DROPPED         a woken receiver ignores its share
 *     SHARE_DROPPED_ON_TIMEOUT    it does so if its time was up as well
 *     POPPED_UNCLAIMED      an idle node is popped without a claim
 */

/* ---- bounds: a scenario overrides them ---- */

#ifndef RECEIVERS
#define RECEIVERS 3
#endif
#ifndef PUBLISHERS
#define PUBLISHERS 1
#endif
/* Timed waits of each receiver; such a wait may end at any time. */
#ifndef TIMED
#define TIMED 0
#endif
/* Nodes that one receiver makes at most; the assertion in it says when that is too few. */
#ifndef EACH
#define EACH 3
#endif
/* A receiver ends once it has taken so many messages. */
#ifndef WANTS
#define WANTS PUBLISHERS
#endif

#define NODES (RECEIVERS * EACH)
#define NOBODY 255
#define OWNER(n) ((n - 1) / EACH)

#define ARMED 0
#define IDLE 1
#define TAKEN 2

byte published;               /* the slots: how many messages stand there */
byte top;                     /* 0: null */
byte state[NODES + 1];
byte next[NODES + 1];
byte jump[NODES + 1];
byte depth[NODES + 1];
byte share[NODES + 1];
byte shareCount[NODES + 1];
bool thread[NODES + 1];       /* whether node.thread refers to its owner */
bool gone[NODES + 1];         /* whether the node was popped or handed over; checked, not read */
bool permit[RECEIVERS];       /* of LockSupport */
byte parked[RECEIVERS];       /* the node a receiver is parked with, or 0; checked, not read */
byte taken[RECEIVERS];        /* a receiver's position */
byte pushed;                  /* receivers that have pushed a node */

/* The store buffers: a write of a compare-and-set that is not yet visible. */
byte topHeld = NOBODY;        /* who holds top; others see the old value and cannot write it */
bool stateHeld[NODES + 1];

/* ---- the waker's side ---- */

/* A node leaves the stack or its share once. Nobody reads the depth of one that has left. */
inline leaves(l) {
    assert(!gone[l]);
    gone[l] = true;
    next[l] = 0;
    jump[l] = 0;
    depth[l] = 0
}

/* handTo: sets ok if the owner was waiting. */
inline handTo(n, first, count) {
    atomic {
        !stateHeld[n];
        d_step {
            leaves(n);
            ok = state[n] == ARMED;
            state[n] = TAKEN;
            if
            :: ok -> share[n] = first; shareCount[n] = count
            :: else -> share[n] = 0; shareCount[n] = 0
            fi
        }
    }
    if
    :: ok ->
        d_step {
            if
            :: thread[n] -> permit[OWNER(n)] = true
            :: else
            fi
        }
    :: else
    fi
}

/* handOver: unparks the first waiting thread of the share (h, hLeft), gives it the rest. */
inline handOver() {
    do
    :: h != 0 && hLeft > 0 ->
        d_step { hNext = next[h]; hLeft-- }
        handTo(h, (hLeft == 0 -> 0 : hNext), hLeft);
        if
        :: ok -> break
        :: else -> h = hNext
        fi
    :: else -> break
    od;
    atomic { h = 0; hLeft = 0; hNext = 0; ok = false }
}

/* wakeIfAny: a getAndSet that follows a read of top other than null decides alone. */
inline wakeIfAny() {
    atomic {
        top == 0 || topHeld == NOBODY;
        h = top;
        top = 0;
        hLeft = depth[h]
    }
    handOver()
}

/* serve: wakes the share (s, sLeft). */
inline serve() {
    do
    :: sLeft > 1 ->
        d_step {
            hLeft = sLeft - sLeft / 2;
            sLeft = sLeft / 2;
            /* below(): down to the middle by jumps that do not go too far */
            h = s;
            do
            :: depth[h] > depth[s] - sLeft ->
                if
                :: jump[h] != 0 && depth[jump[h]] >= depth[s] - sLeft -> h = jump[h]
                :: else -> h = next[h]
                fi;
                assert(h != 0)
            :: else -> break
            od
        }
        handOver()
    :: break
    od;
    do
    :: s != 0 && sLeft > 0 ->
        d_step { h = s; s = next[s]; sLeft-- }
        handTo(h, 0, 0)
    :: s != 0 && sLeft > 0 ->
        d_step { h = s; hLeft = sLeft; s = 0; sLeft = 0 }
        handOver()
    :: else -> break
    od;
    atomic { s = 0; sLeft = 0; h = 0; ok = false }
}

proctype publisher(byte p) {
    byte h, hLeft, hNext;
    bool ok;

#ifdef LOOK_BEFORE_CLAIM
    bool any;
    any = top != 0;
    published++;
    if
    :: any -> wakeIfAny()
    :: else
    fi;
#else
#ifdef ACQUIRE_TOP
    /* A read of top in acquire mode may overtake the write of the compare-and-set. */
    bool some;
    if
    :: some = top != 0; published++
    :: published++; some = top != 0
    fi;
    if
    :: some -> wakeIfAny()
    :: else
    fi;
#else
    atomic { published == p -> published++ }   /* publishers are alike */
    wakeIfAny()
#endif
#endif
}

/* ---- the waiter's side ---- */

/* The fence, or any read-modify-write: what the buffer holds becomes visible. */
inline drain() {
    atomic {
        if
        :: topHeld == r -> top = node; topHeld = NOBODY
        :: else
        fi;
        if
        :: node != 0 && stateHeld[node] -> state[node] = ARMED; stateHeld[node] = false
        :: else
        fi
    }
}

inline popIdle() {
    do
    :: atomic { top == 0 -> break }
    :: atomic { top != 0 -> h = top };
        if
        :: atomic { state[h] == ARMED -> break }
        :: state[h] == TAKEN
        :: state[h] == IDLE ->
#ifndef POPPED_UNCLAIMED
            /* claim */
            atomic {
                !stateHeld[h];
                if
                :: state[h] == IDLE -> state[h] = TAKEN
                :: else -> goto again
                fi
            }
#endif
        fi;
        hNext = next[h];
        atomic {
            topHeld == NOBODY;
            if
            :: top == h ->
                top = hNext;
                leaves(h)
            :: else
            fi;
again:
            h = 0;
            hNext = 0
        }
    od;
    h = 0
}

proctype receiver(byte r) {
    byte made, node, kept;            /* node: what it waits with; kept: what it left enlisted */
    byte below, newJump;
    byte h, hLeft, hNext, s, sLeft;
    byte timedLeft = TIMED;
    bool ok, timed;
#ifdef SHARE_DROPPED_ON_TIMEOUT
    bool late;
#endif

    do
    :: atomic { taken[r] >= WANTS -> break }
    :: atomic { taken[r] < published -> taken[r] = published }
    :: atomic {
        taken[r] < WANTS ->
        if
        :: timedLeft > 0 -> timedLeft--; timed = true
        :: timed = false
        fi;
        /* arm: again, where it stands */
        if
        :: kept != 0 ->
            !stateHeld[kept];
            if
            :: state[kept] == IDLE ->
                thread[kept] = true;
#ifdef PLAIN_REARM
                goto rearm;
#endif
                stateHeld[kept] = true;
                node = kept;
                kept = 0;
#ifndef NO_FENCE
                drain();
#endif
                goto look
#ifdef PUSHED_TWICE
            :: state[kept] == TAKEN ->
                state[kept] = ARMED;
                thread[kept] = true;
                gone[kept] = false;
                hNext = kept;
                kept = 0;
                goto push
#endif
            :: else -> kept = 0
            fi
        :: else
        fi;
        /* arm: a new node */
        assert(made < EACH);          /* a bound of the model, not of the code */
        made++;
        hNext = r * EACH + made;
        thread[hNext] = true;
        goto push
    }
#ifdef PLAIN_REARM
rearm:
    atomic {
        state[kept] = ARMED;
        node = kept;
        kept = 0;
        goto look
    }
#endif
#ifdef SPLIT_PUSH
push:
    atomic {
#else
push:
end_first:
    atomic {
        /* Receivers are alike: one order of their first pushes is enough. */
        topHeld == NOBODY && (made > 1 || pushed == r);
#endif
        below = top;
        newJump = below;
        if
        :: below != 0 && jump[below] != 0 && jump[jump[below]] != 0 &&
            depth[below] - depth[jump[below]] ==
                depth[jump[below]] - depth[jump[jump[below]]] ->
            newJump = jump[jump[below]]
        :: else
        fi
#ifdef SPLIT_PUSH
    }
end_first:
    atomic {
        topHeld == NOBODY && (made > 1 || pushed == r);
#else
    ;
#endif
        if
        :: top == below ->
            if
            :: made == 1 -> pushed++
            :: else
            fi;
            node = hNext;
            topHeld = r;
            next[node] = below;
            jump[node] = newJump;
            depth[node] = depth[below] + 1;
            below = 0;
            newJump = 0;
            hNext = 0;
#ifndef NO_FENCE
            drain();
#endif
            goto look
        :: else -> goto push
        fi
    }
look:
#ifndef NO_SECOND_LOOK
    if
    :: taken[r] < published -> goto leave
    :: else
    fi;
#endif
    atomic {
        if
        :: state[node] != ARMED && !stateHeld[node] -> goto leave
        :: else
        fi;
        drain();                      /* park orders too */
        parked[r] = node
    }
end_park:
    atomic {
        if
        :: permit[r] -> permit[r] = false; parked[r] = 0; goto look
        :: timed ->
#ifdef SHARE_DROPPED_ON_TIMEOUT
            late = true;
#endif
            parked[r] = 0
        fi
    }
leave:
    /* disarm */
    atomic {
        drain();
        timed = false;
        thread[node] = false;
        if
        :: state[node] == ARMED -> state[node] = IDLE
        :: else ->
            s = share[node];
            sLeft = shareCount[node];
            share[node] = 0;
            shareCount[node] = 0;
#ifdef PUSHED_TWICE
            kept = node;
#endif
            node = 0;
#ifdef SHARE_DROPPED
            s = 0; sLeft = 0;
#endif
#ifdef SHARE_DROPPED_ON_TIMEOUT
            if
            :: late -> s = 0; sLeft = 0
            :: else
            fi;
#endif
            goto woken
        fi
    }
    popIdle();
    atomic {
        if
        :: state[node] == IDLE -> kept = node
        :: else
#ifdef PUSHED_TWICE
            -> kept = node
#endif
        fi;
        node = 0;
        goto take
    }
woken:
    if
    :: s != 0 -> serve()
    :: else -> sLeft = 0
    fi;
take:
    atomic {
#ifdef SHARE_DROPPED_ON_TIMEOUT
        late = false;
#endif
        taken[r] = published
    }
    od
}

init {
    byte i, n;
    atomic {
        i = 0;
        do
        :: i < RECEIVERS -> run receiver(i); i++
        :: else -> break
        od;
        i = 0;
        do
        :: i < PUBLISHERS -> run publisher(i); i++
        :: else -> break
        od
    }
    /* Nobody can move any more. */
    timeout;
    d_step {
        i = 0;
        do
        :: i < RECEIVERS ->
            if
            :: parked[i] != 0 ->
                assert(taken[i] == published);
                /* and the next publish would find it */
                n = top;
                do
                :: n != 0 && n != parked[i] -> n = next[n]
                :: else -> break
                od;
                assert(n != 0)
            :: else
            fi;
            i++
        :: else -> break
        od
    }
}

package dev.rustyonions.bus.ring;

/**
 * By what rule a share of {@link WaitStack} is served. And how a node keeps one: the number of its
 * nodes and its generation in one int, because two would make each node larger.
 *
 * <p>The generation of a share counts the hand-overs between the publisher and its server.
 */
final class Share {
    /*
     * The first generations halve what they are handed, so that there are several shares for each
     * carrier, and none idles while another has much to do. From then on a server wakes a few
     * threads and hands on all the others at once, so that those who were woken run before many
     * more are: their threads and nodes are still in the cache then. To halve until little is left
     * wakes a leader for each of those little shares before the others run, and 100,000 receivers
     * take a fifth longer.
     *
     * What a server wakes by itself grows with the generation: it delays its own message, which
     * is worth more while few have theirs.
     */

    /** The least that a server wakes by itself. A share of so many or fewer is not halved. */
    static final int DIRECT = 64;

    /** How many generations halve: four shares for each carrier that the JVM has by default. */
    static final int HALVINGS = Math.min(13, 34 - Integer.numberOfLeadingZeros(processors() - 1));

    /** How many generations after those wake twice as many as the one before. */
    static final int DOUBLINGS = 2;

    /** The generation of the thread that the publisher wakes. */
    static final int FIRST = 0;

    /** The generation whose heirs are of the same. */
    private static final int LAST = HALVINGS + DOUBLINGS;

    private static final int GENERATION_BITS = 4;

    private Share() {}

    private static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    /**
     * What a node keeps of a share.
     *
     * @param count below 2^28: so many parked threads take 200 GB and more
     */
    static int of(int count, int generation) {
        return count << GENERATION_BITS | generation;
    }

    static int count(int share) {
        return share >>> GENERATION_BITS;
    }

    static int generation(int share) {
        return share & (1 << GENERATION_BITS) - 1;
    }

    /** The generation of a share that a server of that one hands over. */
    static int heir(int generation) {
        return Math.min(generation + 1, LAST);
    }

    /** Whether a share of so many is halved by that generation. */
    static boolean isHalved(int count, int generation) {
        return generation < HALVINGS && count > DIRECT;
    }

    /** How many threads a server of that generation wakes by itself. */
    static int direct(int generation) {
        return DIRECT << Math.max(0, generation - HALVINGS);
    }
}

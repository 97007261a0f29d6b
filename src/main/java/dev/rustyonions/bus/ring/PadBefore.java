package dev.rustyonions.bus.ring;

/**
 * 128 unused bytes before the fields of a subclass, so that these do not share a cache line with
 * what precedes the object in memory. 128, because adjacent lines are fetched in pairs.
 *
 * <p>Superclass fields are laid out before those of their subclasses, but the JVM moves a small
 * field of a subclass into a gap that a superclass has left: without the int one of four bytes
 * would lie between the object's header and the padding. A test reads the layout back.
 *
 * <p>A class that also keeps off what follows it in memory ends with fields of the same kind.
 */
public abstract class PadBefore {
    /** For subclasses. */
    protected PadBefore() {}

    int beforeGap;
    long b00, b01, b02, b03, b04, b05, b06, b07, b10, b11, b12, b13, b14, b15, b16, b17;
}

package dev.rustyonions.bus.gate;

/**
 * A use that the gate lets pass in one class, for a reason.
 *
 * @param inClass the class that may, by its binary name
 * @param use the offending item as the gate names it, such as {@code java.lang.Thread.yield}
 * @param reason why it may
 */
record Permit(String inClass, String use, String reason) {}

package dev.rustyonions.bus.gate;

/**
 * Something that a class must not contain.
 *
 * @param inClass the class, by its binary name
 * @param member the method or field it stands in, or {@code class} for the declaration itself
 * @param use the offending item: a type, a method as type and name, or an instruction
 * @param rule what is allowed instead, or why it is refused
 */
record Finding(String inClass, String member, String use, String rule) {

    @Override
    public String toString() {
        return inClass + "." + member + " uses " + use + ": " + rule;
    }
}

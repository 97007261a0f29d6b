package dev.rustyonions.bus.demo;

/** A source of real events, which runs in threads of its own from its creation to its close. */
sealed interface Source extends AutoCloseable permits JvmHealth, WatchedConfig, SupervisedWorker {
    /** Where it publishes. */
    CountingSender sender();

    /**
     * Makes the real thing happen that the source reports: a thread starts, the file is edited, the
     * worker fails. The source notices it the way it notices any other.
     */
    void provoke();

    /** Ends the source; once this returns it publishes nothing more and its count is final. */
    @Override
    void close();
}

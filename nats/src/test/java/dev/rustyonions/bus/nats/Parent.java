package dev.rustyonions.bus.nats;

import java.io.IOException;
import java.util.concurrent.Semaphore;

/** What a process of a test is told by the one that started it, with which it ends. */
final class Parent {
    private final Semaphore told = new Semaphore(0);

    Parent() {
        Thread.ofPlatform().daemon().start(this::listen);
    }

    private void listen() {
        try {
            while (System.in.read() >= 0) {
                told.release();
            }
        } catch (IOException e) {
            // As if it had ended.
        }
        Runtime.getRuntime().halt(3);
    }

    /** Waits until it is told to go on, once more. */
    void await() {
        told.acquireUninterruptibly();
    }

    /** Whether it is told to go on, once more. */
    boolean isHeard() {
        return told.tryAcquire();
    }
}

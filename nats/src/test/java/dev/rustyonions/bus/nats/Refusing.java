package dev.rustyonions.bus.nats;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Subscription;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.Predicate;

/**
 * A connection that refuses some calls as the client does with a full queue: by an {@link
 * IllegalStateException}, while the connection stays.
 */
final class Refusing {
    /** What is handed on to, and refuses too; the narrower type first. */
    private static final List<Class<?>> TYPES =
            List.of(JetStream.class, JetStreamSubscription.class, Subscription.class);

    private Refusing() {}

    /**
     * Makes one.
     *
     * @param refused given the type and the method of each call, as {@code
     *     Subscription.nextMessage}
     */
    static Connection of(Connection real, Predicate<String> refused) {
        return of(Connection.class, real, refused);
    }

    private static <T> T of(Class<T> type, Object real, Predicate<String> refused) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> {
                            if (refused.test(type.getSimpleName() + "." + method.getName())) {
                                throw new IllegalStateException("Output queue is full");
                            }
                            try {
                                return handedOn(method.invoke(real, arguments), refused);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        }));
    }

    private static Object handedOn(Object result, Predicate<String> refused) {
        for (Class<?> type : TYPES) {
            if (type.isInstance(result)) {
                return of(type, result, refused);
            }
        }
        return result;
    }
}

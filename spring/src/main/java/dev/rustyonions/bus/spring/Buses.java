package dev.rustyonions.bus.spring;

import dev.rustyonions.bus.Bus;

import org.springframework.beans.factory.ListableBeanFactory;

import java.util.Map;
import java.util.TreeMap;

/** The buses of a context. */
final class Buses {
    private Buses() {}

    /** All of them by the names of their beans, the starter's and the application's own. */
    static Map<String, Bus<?>> of(ListableBeanFactory beans) {
        Map<String, Bus<?>> buses = new TreeMap<>();
        beans.getBeansOfType(Bus.class, false, true).forEach(buses::put);
        return buses;
    }
}

package dev.rustyonions.bus.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.List;

/** What is told of the machine a figure is of. */
class ReportTest {
    @Test
    void aProcessorIsNamedWithItsFamilyAndModel() {
        List<String> cpuinfo =
                List.of(
                        "processor\t: 0",
                        "cpu family\t: 25",
                        "model\t\t: 17",
                        "model name\t: AMD EPYC",
                        "",
                        "processor\t: 1",
                        "cpu family\t: 26",
                        "model\t\t: 2",
                        "model name\t: another");
        assertEquals("AMD EPYC (family 25, model 17)", Report.processor(cpuinfo));
    }

    @Test
    void whatIsNotToldIsLeftOut() {
        assertEquals("Some ARM", Report.processor(List.of("model name : Some ARM", "model : 3")));
        assertEquals(System.getProperty("os.arch"), Report.processor(List.of("BogoMIPS : 1")));
    }

    @Test
    void theCollectorIsNamedAsPeopleDo() {
        assertEquals("G1", Report.collector(List.of("G1 Young Generation", "G1 Old Generation")));
        assertEquals("Parallel", Report.collector(List.of("PS MarkSweep", "PS Scavenge")));
        assertEquals("Serial", Report.collector(List.of("Copy", "MarkSweepCompact")));
        assertEquals("ZGC", Report.collector(List.of("ZGC Minor Cycles", "ZGC Minor Pauses")));
        assertEquals("ZGC", Report.collector(List.of("ZGC Cycles", "ZGC Pauses")));
    }
}

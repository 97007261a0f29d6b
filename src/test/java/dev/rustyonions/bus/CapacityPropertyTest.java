package dev.rustyonions.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

import java.math.BigInteger;
import java.util.ArrayList;

/** What the effective capacity is for every whole number, however it is given. */
class CapacityPropertyTest {

    @Property
    void isAPowerOfTwoBetween2And65536(@ForAll @IntRange(min = 1) int asked) {
        int effective = ConfigResolver.effectiveCapacity(asked);

        assertEquals(1, Integer.bitCount(effective));
        assertTrue(effective >= 2 && effective <= 65536, () -> "out of bounds: " + effective);
    }

    @Property
    void isTheSmallestPowerOfTwoThatHoldsWhatWasAsked(
            @ForAll @IntRange(min = 3, max = 65536) int asked) {
        int effective = ConfigResolver.effectiveCapacity(asked);

        assertTrue(effective >= asked, () -> "too small: " + effective);
        assertTrue(effective / 2 < asked, () -> "too large: " + effective);
    }

    @Property
    void isTheSameFromTextAsFromTheBuilder(@ForAll("wholeNumbersFrom1") BigInteger asked) {
        ConfigResolver resolver =
                new ConfigResolver(
                        key -> key.equals("ron.cap") ? asked.toString() : null,
                        variable -> null,
                        () -> new RecordingLogger(new ArrayList<>()));
        int saturated = asked.min(BigInteger.valueOf(Integer.MAX_VALUE)).intValueExact();

        assertEquals(
                resolver.resolve(new BusBuilder().capacity(saturated).settings).capacity(),
                resolver.resolve(new BusBuilder().settings).capacity());
    }

    @Provide
    Arbitrary<BigInteger> wholeNumbersFrom1() {
        return Arbitraries.bigIntegers().between(BigInteger.ONE, BigInteger.TWO.pow(200));
    }
}

package dev.rustyonions.bus.bench.micro;

import com.lmax.disruptor.EventTranslatorOneArg;

import org.jspecify.annotations.Nullable;

/** A Disruptor event that refers to a payload. */
final class Holder {
    static final EventTranslatorOneArg<Holder, Object> SET =
            (holder, sequence, value) -> holder.value = value;

    @Nullable Object value;
}

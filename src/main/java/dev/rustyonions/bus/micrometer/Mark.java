package dev.rustyonions.bus.micrometer;

import io.micrometer.core.instrument.ImmutableTag;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;

import org.jspecify.annotations.Nullable;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells the meter that one registration made from an equal one that was there before.
 *
 * <p>Registering a meter whose id is taken gives back the meter that has it. Its id holds the tags
 * and the description of its own registration, the very objects. A filter that maps an id hands on
 * the objects that it does not replace, a composite hands on both to its registries, and a meter
 * without effect, which a filter denied or a closed registry gave, has them too. So a meter is of
 * this registration if its id holds a tag or the description made for it.
 */
final class Mark {
    /**
     * A tag that knows who registered it, equal to any tag of its key and value.
     *
     * <p>Reached from the registry for as long as the meter is there, so its way to the binding is
     * weak: a registry must not keep a bus.
     */
    private static final class MarkedTag extends ImmutableTag {
        final @Nullable Mark mark;

        MarkedTag(String key, String value, @Nullable Mark mark) {
            super(key, value);
            this.mark = mark;
        }
    }

    /**
     * Older versions of Micrometer hold tags of different classes for different. There the tags are
     * plain, and only the description tells.
     */
    private static final boolean TAGS_CAN_BE_MARKED =
            Tag.of("key", "value").equals(new MarkedTag("key", "value", null));

    private final WeakReference<Binding> owner;
    private final Tags tags;
    private final String description;

    /**
     * Marks one registration.
     *
     * @param owner who registers, always by the same reference
     * @param tags the tags it is to have
     * @param description the description it is to have
     */
    Mark(WeakReference<Binding> owner, Tags tags, String description) {
        this.owner = owner;
        this.description = new String(description);
        this.tags = TAGS_CAN_BE_MARKED ? marked(tags) : tags;
    }

    private Tags marked(Tags plain) {
        List<Tag> marked = new ArrayList<>();
        for (Tag tag : plain) {
            marked.add(new MarkedTag(tag.getKey(), tag.getValue(), this));
        }
        return Tags.of(marked);
    }

    Tags tags() {
        return tags;
    }

    String description() {
        return description;
    }

    /** Whether this registration made the meter. */
    @SuppressWarnings("ReferenceEquality") // the very description
    boolean isOn(Meter meter) {
        return meter.getId().getDescription() == description || of(meter) == this;
    }

    /**
     * Who registered the meter: the reference that was given to its mark, the same for all meters
     * of a binding and cleared if that is garbage; null if no binding did, or a filter took the
     * tags away.
     */
    static @Nullable WeakReference<Binding> ownerOf(Meter meter) {
        Mark mark = of(meter);
        return mark == null ? null : mark.owner;
    }

    /** The mark in the meter's tags, if there is one. */
    static @Nullable Mark of(Meter meter) {
        for (Tag tag : meter.getId().getTagsAsIterable()) {
            if (tag instanceof MarkedTag marked) {
                return marked.mark;
            }
        }
        return null;
    }
}
